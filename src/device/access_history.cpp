#include "device/access_history.h"

#include <algorithm>
#include <utility>

namespace cleanplate {

namespace {
std::uintptr_t begin_of(const Access& a) { return reinterpret_cast<std::uintptr_t>(a.first); }
std::uintptr_t end_of(const Access& a) { return begin_of(a) + a.bytes; }
bool overlap(const Access& a, const Access& b) {
  return begin_of(a) < end_of(b) && begin_of(b) < end_of(a);
}
bool holds(const Access& outer, const Access& inner) {
  return begin_of(outer) <= begin_of(inner) && end_of(inner) <= end_of(outer);
}
const char* verb(Touch touch) { return touch == Touch::write ? "writes" : "reads"; }
}  // namespace

std::uint64_t Clock::step(std::size_t actor) {
  if (actor >= steps_.size()) steps_.resize(actor + 1);
  return ++steps_[actor];
}

void Clock::join(const Clock& other) {
  if (other.steps_.size() > steps_.size()) steps_.resize(other.steps_.size());
  for (std::size_t i = 0; i < other.steps_.size(); ++i)
    steps_[i] = std::max(steps_[i], other.steps_[i]);
}

template <class Use>
void AccessHistory::each_overlapping(const Access& now, Use&& use) {
  const std::uintptr_t first = begin_of(now);
  for (auto at = entries_.lower_bound(first - std::min<std::uintptr_t>(first, widest_));
       at != entries_.end() && at->first < end_of(now);)
    if (overlap(now, at->second.access) && use(std::as_const(at->second)))
      at = entries_.erase(at);
    else
      ++at;
}

std::vector<std::string> AccessHistory::note(const Step& step, const Clock& known,
                                             const Access* touches, std::size_t count) {
  std::vector<std::string> unordered;
  const auto before = [&](const Entry& e) { return known.of(e.step.actor) >= e.step.number; };
  for (std::size_t i = 0; i < count; ++i) {
    const Access& now = touches[i];
    each_overlapping(now, [&](const Entry& e) {
      const bool commute = now.touch == Touch::read && e.access.touch == Touch::read;
      if (!commute && !before(e))
        unordered.push_back(step.name + " " + verb(now.touch) + " bytes that " + e.step.name + " " +
                            verb(e.access.touch) +
                            ", and nothing orders the two: an event or a wait is missing.");
      return false;
    });
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Access& now = touches[i];
    // Whatever is ordered after this access is ordered after those.
    each_overlapping(now, [&](const Entry& e) {
      return before(e) && holds(now, e.access) &&
             (now.touch == Touch::write || e.access.touch == Touch::read);
    });
  }
  for (std::size_t i = 0; i < count; ++i)
    if (touches[i].bytes) {
      entries_.emplace(begin_of(touches[i]), Entry{step, touches[i]});
      widest_ = std::max(widest_, touches[i].bytes);
    }
  return unordered;
}

}  // namespace cleanplate
