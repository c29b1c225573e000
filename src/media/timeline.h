/// @file
/// The frames' own times while they are inside an encoder.
#pragma once
#include <algorithm>
#include <cstdint>
#include <deque>

namespace cleanplate::media {

/// Encoders count frames (0, 1, 2 …) and this gives each count its time back. So no encoder's time
/// base, rate limit or rate control ever touches a time stamp, and variable rates stay as they are;
/// decoding times follow from the same list: they are counts too, shifted by the reordering.
class Timeline {
 public:
  /// @param usual  ticks a frame at the average rate, ≥ 1; for what is not known otherwise.
  explicit Timeline(std::int64_t usual = 1) : usual_(std::max<std::int64_t>(1, usual)) {}

  /// @return the frame's count. @param pts  rises from call to call.
  std::int64_t push(std::int64_t pts, std::int64_t duration) {
    if (base_ + static_cast<std::int64_t>(frames_.size()) == 0) first_ = pts;
    frames_.push_back({pts, duration});
    return base_ + static_cast<std::int64_t>(frames_.size()) - 1;
  }
  [[nodiscard]] std::int64_t time(std::int64_t count) const {
    if (count < 0) return first_ + count * usual_;  // decoding starts before the first picture
    return at(count).pts;
  }
  [[nodiscard]] std::int64_t duration(std::int64_t count) const {
    if (at(count).duration > 0) return at(count).duration;
    if (count + 1 < end()) return at(count + 1).pts - at(count).pts;
    return usual_;
  }
  [[nodiscard]] std::int64_t end() const {
    return base_ + static_cast<std::int64_t>(frames_.size());
  }
  /// Nothing before `count` will be asked for any more.
  void forget_before(std::int64_t count) {
    while (base_ < count && frames_.size() > 1) {
      frames_.pop_front();
      ++base_;
    }
  }

 private:
  struct Entry {
    std::int64_t pts, duration;
  };
  [[nodiscard]] const Entry& at(std::int64_t count) const {
    const auto last = static_cast<std::int64_t>(frames_.size()) - 1;
    return frames_[static_cast<std::size_t>(std::clamp<std::int64_t>(count - base_, 0, last))];
  }

  std::deque<Entry> frames_;
  std::int64_t base_ = 0, first_ = 0, usual_;
};

}  // namespace cleanplate::media
