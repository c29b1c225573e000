/// @file
/// The inpaint stage on the job's device and, after that has failed, on the host.
#pragma once
#include <cleanplate/inpainter.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cleanplate {

/// Keeps the frames that an inpainter still needs. When the device runs out of memory or fails, a
/// new inpainter on the host is given them again: every frame comes out, with the very samples of
/// a run on the host alone, and the job stays on the host from there.
/// Threads: one object, one thread at a time.
class FallbackInpainter final : public Inpainter {
 public:
  /// Falls back here already where the device has no room for a beginning.
  /// @return what is wrong with the order itself, or with the host.
  [[nodiscard]] static Result<std::unique_ptr<FallbackInpainter>> create(const Options& options,
                                                                         const VideoInfo& video,
                                                                         const Plan& plan,
                                                                         const Device& device);

  Result<Flow> push(const Frame& frame, const FrameMask& mask) override;
  Result<Flow> pull(Frame& frame) override;
  Result<Flow> flush() override;
  [[nodiscard]] int latency() const override { return latency_; }
  [[nodiscard]] std::vector<MethodReport> methods() const override;
  [[nodiscard]] std::vector<Degradation> degradations() const override;
  [[nodiscard]] int batch() const override { return std::max(batch_before_, inner_->batch()); }

  /// "cuda:0 (…), from frame 812 on cpu (…)".
  [[nodiscard]] std::string device_name() const;

 private:
  struct Kept {
    Frame frame;
    FrameMask mask;
  };
  FallbackInpainter(const Options& options, const VideoInfo& video, const Plan& plan,
                    const Device& device);
  Result<void> begin(const Device& device, std::int64_t first_frame);
  /// On the host: all that is kept once more, less what was given.
  Result<void> redo(const Error& why);
  Result<void> feed(const Kept& kept);
  /// To the host's inpainter, which looks at no frame on a card.
  Result<Flow> give(const Frame& frame, const FrameMask& mask);
  Result<Flow> take(Frame& frame);
  [[nodiscard]] bool may_redo(const Error& why) const;
  /// Lets go of frames that no later one looks at.
  void forget();

  Options options_;
  VideoInfo video_;
  Plan plan_;
  Device device_;
  bool on_host_;
  std::unique_ptr<Inpainter> inner_;
  int latency_ = 0;
  std::deque<Kept> kept_;       ///< given but looked at by later ones, then not yet given
  std::size_t kept_given_ = 0;  ///< how many of them are given
  std::deque<Frame> ready_;     ///< came out while frames were fed again
  std::size_t again_ = 0;       ///< frames to come out a second time
  std::int64_t given_ = 0;      ///< frames, since the beginning
  bool flushed_ = false;
  std::map<int, std::int64_t> forgotten_;  ///< frames of each track that are kept no more
  std::vector<MethodReport> before_;       ///< of the inpainter that failed
  std::vector<Degradation> steps_before_;  ///< its too
  int batch_before_ = 1;
  std::optional<Degradation> fallen_;
};

}  // namespace cleanplate
