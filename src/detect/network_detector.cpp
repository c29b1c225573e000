#include "detect/network_detector.h"

#include "core/try.h"
#include "detect/overlay_network.h"

namespace cleanplate {

namespace {
constexpr int levels = 3, least_side = 80;  // of the mean's halvings; samples of the smallest
}

Result<std::vector<NetworkSighting>> network_sightings(const Options& options,
                                                       const MeanPicture& mean,
                                                       const StaticEdges& edges, Size picture) {
  return guarded("detect", [&]() -> Result<std::vector<NetworkSighting>> {
    CP_TRY(OverlayNetwork network, OverlayNetwork::load(options));
    CP_TRY(Picture seen, mean.picture());
    std::vector<NetworkSighting> out;
    // Large marks are seen whole in a smaller picture.
    int cell = OverlayNetwork::cell * mean.reduction();
    for (int level = 0; level < levels; ++level, cell *= 2) {
      CP_TRY(const auto maps, network.look({seen}));
      for (NetworkSighting& s : network_candidates(maps[0], cell, edges, picture))
        out.push_back(std::move(s));
      seen = halved(seen);
      if (std::min(seen.size.width, seen.size.height) < least_side) break;
    }
    return each_once(std::move(out));
  });
}

NetworkDetector::NetworkDetector(const Options& options, const VideoInfo& video)
    : options_(options), picture_(video.size), mean_(video.size), edges_(video.size) {}

Result<Flow> NetworkDetector::push(const Frame& frame) {
  return guarded("detect", [&]() -> Result<Flow> {
    CP_CHECK(fits(frame, picture_));
    mean_.add(frame);
    edges_.add(frame);
    times_.push_back(frame.pts);
    return Flow::ok;
  });
}

Result<Flow> NetworkDetector::flush() {
  return guarded("detect", [&]() -> Result<Flow> {
    flushed_ = true;
    if (times_.empty()) return Flow::ok;
    CP_TRY(const auto sightings, network_sightings(options_, mean_, edges_.edges(), picture_));
    candidates_.clear();
    for (const NetworkSighting& s : sightings) candidates_.push_back(s.candidate);
    return Flow::ok;
  });
}

}  // namespace cleanplate
