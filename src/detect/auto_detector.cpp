#include "detect/auto_detector.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/try.h"
#include "detect/hue_edges.h"
#include "detect/static_candidates.h"

namespace cleanplate {

namespace {

constexpr double confirming = .88;   // evidence of the network that proves what stays
constexpr double nearly_sure = .04;  // less than asked, where what stays proves nothing
constexpr double proven_score = .9;  // above what asks for a second proof
constexpr double sighted = .2;       // evidence below which the network sees nothing
constexpr double outlining = .98;    // evidence of the network that has the closer outline

}  // namespace

AutoDetector::AutoDetector(const Options& options, const VideoInfo& video)
    : static_(options, video), options_(options), picture_(video.size), mean_(video.size) {}

Result<std::unique_ptr<AutoDetector>> AutoDetector::create(const Options& options,
                                                           const VideoInfo& video,
                                                           const Device& device) {
  return guarded("detect", [&]() -> Result<std::unique_ptr<AutoDetector>> {
    std::unique_ptr<AutoDetector> made(new AutoDetector(options, video));
    if (!options.detector_model.empty()) {
      CP_TRY(made->users_, YoloDetector::open(options, video, device));
    }
    return made;
  });
}

Result<Flow> AutoDetector::push(const Frame& frame) {
  return guarded("detect", [&]() -> Result<Flow> {
    CP_TRY(const Flow flow, static_.push(frame));
    if (flow != Flow::ok) return flow;
    if (!users_) {
      mean_.add(frame);
      return flow;
    }
    CP_CHECK(users_->push(frame));
    for (Detections unused;;) {  // its votes are what counts here
      CP_TRY(const Flow more, users_->pull(unused));
      if (more != Flow::ok) return flow;
    }
  });
}

Result<Flow> AutoDetector::flush() {
  return guarded("detect", [&]() -> Result<Flow> {
    CP_TRY(const Flow flow, static_.flush());
    candidates_ = static_.candidates();
    if (users_) {
      CP_CHECK(users_->flush());
      degradations_ = users_->degradations();
      std::vector<NetworkSighting> seen;
      for (Candidate& c : users_->candidates()) {
        double& score = c.detection.score;
        const double evidence = c.accepted ? 1 : score;
        if (c.accepted) score = std::max(score, proven_score);
        seen.push_back({std::move(c), evidence});
      }
      candidates_ = weighed(std::move(candidates_), std::move(seen));
      return flow;
    }
    const std::array<Field, 2> chroma = mean_.chroma();
    grow_by_hue(chroma, picture_, candidates_);
    // What is sure needs no network, and libtorch, which weighs more than the rest, is not loaded.
    if (std::any_of(candidates_.begin(), candidates_.end(), [](const Candidate& c) {
          return c.accepted && c.detection.score >= proven_score;
        }))
      return flow;
    if (mean_.frames() == 0) return flow;
    const StaticEdges edges = static_.statistics().edges();
    find_by_hue(chroma, edges, picture_, candidates_);
    auto seen = network_sightings(options_, mean_, edges, picture_);
    if (!seen) degradations_.push_back({"detect", "network", "static", seen.error().message, 0});
    candidates_ =
        weighed(std::move(candidates_), seen ? std::move(*seen) : std::vector<NetworkSighting>());
    return flow;
  });
}

Result<Flow> AutoDetector::pull(Detections& out) {
  CP_TRY(const Flow flow, static_.pull(out));
  if (flow != Flow::ok) return flow;
  return guarded("detect", [&]() -> Result<Flow> {
    out.seen.clear();
    for (const Candidate& c : candidates_)
      if (c.accepted) out.seen.push_back(c.detection);
    return Flow::ok;
  });
}

std::vector<Candidate> weighed(std::vector<Candidate> staying, std::vector<NetworkSighting> seen) {
  for (NetworkSighting& s : seen) {
    const Box& box = s.candidate.detection.box;
    const bool sure = surely_found(s.candidate);
    bool known = false;  // the static detector has it, as well or better
    for (Candidate& c : staying) {
      Detection& d = c.detection;
      const double alone = d.score, same = iou(d.box, box);
      // Of what stays the network may see a piece: where that is proven, it is taken off as one.
      // Where the network sees the overlay clearly, only un-blending proves more than that.
      const bool piece = sure && c.accepted && alone < sure_score &&
                         d.box.area() > 2 * box.area() && shared(d.box, box) >= .9;
      if (piece && s.evidence >= outlining) continue;
      if (s.evidence >= confirming && same >= .3) {
        if (!c.accepted && !sure) c.accepted = s.evidence >= s.asked - nearly_sure;
        if (c.accepted) d.score = std::max(d.score, proven_score), c.by_looks = true;
        c.reason += fmt::format(" The network takes it for an overlay: {:.2f}.", s.evidence);
      }
      if (!c.accepted || !s.candidate.accepted || shared(d.box, box) < .5) continue;
      if (!sure) {  // both may need a second proof
        known = known || d.score >= sure_score;
        // What of it is as bright as the scene is seen by the network alone.
        if (d.score >= sure_score && s.evidence >= confirming && same >= .5)
          d.box = d.box.unite(box);
        continue;
      }
      if (piece) continue;
      // A piece of what the network sees whole, or what would need a second proof, gives way; so
      // does what stays together with scenery round it, where the network sees the overlay clearly.
      const bool closer = alone < proven_score && s.evidence >= outlining && same < .7;
      if (!closer && d.score >= proven_score && (d.box.area() > box.area() || same >= .5)) {
        known = true;
        // What of it is as bright as the scene is seen by the network alone.
        if (same >= .5) d.box = d.box.unite(box);
      } else {
        c.accepted = false;
        c.reason += closer ? " The network tells the overlay from what is round it."
                           : " It is a part of what the network sees.";
      }
    }
    if (known) s.candidate.accepted = false, s.candidate.reason += " It is known already.";
    s.candidate.by_looks = true;
    if (sure) s.candidate.detection.score = std::max(s.candidate.detection.score, proven_score);
  }
  // Where it knows the overlay, what asks for a second proof gets none from it, and is scenery.
  if (std::any_of(seen.begin(), seen.end(),
                  [](const NetworkSighting& s) { return surely_found(s.candidate); }))
    for (Candidate& c : staying)
      if (c.accepted && c.detection.score < sure_score &&
          std::none_of(seen.begin(), seen.end(), [&](const NetworkSighting& s) {
            return s.evidence >= sighted && shared(s.candidate.detection.box, c.detection.box) > .3;
          })) {
        c.accepted = false;
        c.reason += " But the network sees the overlay elsewhere, and none here.";
      }
  std::vector<Candidate> out = std::move(staying);
  for (NetworkSighting& s : seen) out.push_back(std::move(s.candidate));
  std::stable_partition(out.begin(), out.end(), [](const Candidate& c) { return c.accepted; });
  return out;
}

}  // namespace cleanplate
