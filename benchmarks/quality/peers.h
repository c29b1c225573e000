/// @file
/// What others do with the same frames, told the exact place.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "case.h"

namespace quality {

/// Threads: one object, one thread at a time.
class Peer {
 public:
  explicit Peer(std::string name) : name_(std::move(name)) {}
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  virtual ~Peer() = default;
  [[nodiscard]] const std::string& name() const { return name_; }
  /// A new frame with the same times; frames come in order, `number` counts from 0.
  [[nodiscard]] virtual demo::FramePtr restore(const AVFrame& seen, int number) = 0;

 private:
  std::string name_;
};

/// What every peer is told: the place, exact to the sample.
struct Told {
  std::vector<std::uint8_t> support;  ///< luma grid of the whole picture: above 0 overlay
  cleanplate::Box box;                ///< the least one that holds it
  CropBoxes boxes{};                  ///< what has to be restored, per component
  const AVFrame& like;
  std::string scratch;  ///< an existing folder for the mask's file
};
[[nodiscard]] Told told_of(const Case& made, const AVFrame& like, const std::string& scratch);

/// "untouched"; and "oracle" (un-blending with the true α and W) unless the overlay is opaque.
/// @param made  outlives the peers.
[[nodiscard]] std::vector<std::unique_ptr<Peer>> reference_peers(const Case& made, bool opaque);
/// FFmpeg's "delogo" (box) and "removelogo" (mask); none if built without libavfilter.
[[nodiscard]] std::vector<std::unique_ptr<Peer>> filter_peers(const Told& told);
/// OpenCV's "telea" and "navier-stokes" fills (mask); none if built without OpenCV.
[[nodiscard]] std::vector<std::unique_ptr<Peer>> opencv_peers(const Told& told);
/// Versions of what peers were built with, empty where absent.
[[nodiscard]] std::string filter_version();
[[nodiscard]] std::string opencv_version();

}  // namespace quality
