/// @file
/// Brings back what lies under the masks.
#pragma once
#include <cleanplate/device.h>
#include <cleanplate/frame.h>
#include <cleanplate/mask.h>
#include <cleanplate/media_info.h>
#include <cleanplate/options.h>
#include <cleanplate/plan.h>
#include <cleanplate/report.h>
#include <cleanplate/result.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace cleanplate {

/// Frames with masks in, the same frames restored out; a frame with no mask comes out as the very
/// same handle. Outside the masks no sample changes. Callers may write their own.
/// Threads: one object, one thread at a time.
class Inpainter {
 public:
  /// @param plan  the overlays' models; copied. An overlay without a model is filled.
  /// @param first_frame  the first pushed frame's number in the clip, from 0; grain follows it.
  [[nodiscard]] static Result<std::unique_ptr<Inpainter>> create(const Options& options,
                                                                 const VideoInfo& video,
                                                                 const Plan& plan,
                                                                 const Device& device,
                                                                 std::int64_t first_frame = 0);
  Inpainter() = default;
  Inpainter(const Inpainter&) = delete;
  Inpainter& operator=(const Inpainter&) = delete;
  virtual ~Inpainter() = default;

  /// @return `ok`; `full`: pull first; error `bad_order`, `out_of_memory`, `device`.
  [[nodiscard]] virtual Result<Flow> push(const Frame& frame, const FrameMask& mask) = 0;
  /// @return `ok`; `again`; `end`.
  [[nodiscard]] virtual Result<Flow> pull(Frame& frame) = 0;
  [[nodiscard]] virtual Result<Flow> flush() = 0;
  [[nodiscard]] virtual int latency() const = 0;
  /// Which frames had which method, so far.
  [[nodiscard]] virtual std::vector<MethodReport> methods() const { return {}; }
  /// Steps down that were taken so far.
  [[nodiscard]] virtual std::vector<Degradation> degradations() const { return {}; }
  /// Most frames that a network was given in one pass; 1 where none is used.
  [[nodiscard]] virtual int batch() const { return 1; }
};

}  // namespace cleanplate
