#include "pipeline/method_choice.h"

#include <fmt/format.h>

#include <algorithm>

#include "matte/flat_mark.h"
#include "matte/outline.h"
#include "matte/seen_through.h"
#include "matte/thin_strokes.h"
#include "matte/trimmed_outline.h"
#include "pipeline/proof.h"
#include "track/track_list.h"

namespace cleanplate {

namespace {

constexpr double most_by_looks = .55;  // opacity, where hardly anything but looks tells it…
constexpr double hardly = .085;        // …as is seen by its error; opaque marks look like .6
constexpr double least_trust = .15;    // in un-blending, on average; below, the place is filled

/// A fill does not reach out of a place that was told.
std::shared_ptr<const Mask> within_told(std::shared_ptr<Mask> mask, const Detection& detection) {
  if (!detection.told) return mask;
  const Box& box = mask->box;
  for (int y = 0; y < box.height; ++y)
    for (int x = 0; x < box.width; ++x)
      if (!detection.box.contains(x + box.x, y + box.y))
        mask->values[static_cast<std::size_t>(y) * static_cast<std::size_t>(box.width) +
                     static_cast<std::size_t>(x)] = 0;
  return mask;
}

/// 1 where both the frames and the looks take a sample for the mark's.
/// @param box  the grid's place in the picture.
Field sure_of(const MatteEstimate& estimate, const Likely& likely, const Box& box) {
  constexpr float surely = .8f;  // probability by looks
  if (!estimate.model || !likely.known()) return {};
  Field sure = likely.overlay;
  for (std::size_t i = 0; i < sure.size(); ++i) {
    const int x = static_cast<int>(i) % sure.width, y = static_cast<int>(i) / sure.width;
    sure.values[i] =
        sure.values[i] > surely && estimate.support->at(x + box.x, y + box.y) > 0 ? 1.f : 0.f;
  }
  return sure;
}

/// Its gain is followed where it was seen to be much less, or away; a mark that is always there
/// stays as steady as its model, whatever the meter says of the scene under it.
void follow_gain(PlannedOverlay& overlay, PlaceEstimate& place) {
  constexpr double much_less = .7;
  const std::vector<GainSample>& told = place.gain.samples;
  const auto weak = std::count_if(told.begin(), told.end(),
                                  [](const GainSample& s) { return s.value < much_less; });
  const double enough = std::max(2., .03 * static_cast<double>(told.size()));
  if (!place.gain.measured || !place.gain.varies || static_cast<double>(weak) < enough) return;
  overlay.appearance = std::move(place.appearance);
  overlay.gain = std::move(place.gain);
}

/// Whether the mark is seen to let nothing through of what the scene round it is full of.
bool hides_all(const MatteEstimate& estimate, const Likely& likely, const CropStack& seen) {
  constexpr double some = .2;  // share of the detail; what lets more through is better un-blended
  constexpr float sure = .8f;  // probability by looks
  const Box& box = seen.box(0);
  Field mark(box.width, box.height), reach(box.width, box.height);
  for (int y = 0; y < box.height; ++y)
    for (int x = 0; x < box.width; ++x) {
      const bool model = estimate.support->at(x + box.x, y + box.y) > 0;
      mark.at(x, y) = (likely.known() ? likely.overlay.at(x, y) > sure : model) ? 1.f : 0.f;
      reach.at(x, y) = model || mark.at(x, y) > 0 ? 1.f : 0.f;
    }
  const std::optional<double> through = detail_seen_through(seen, mark, reach);
  return through && *through < some;
}

}  // namespace

Method wanted_method(const Options& options) {
  if (options.method == "unblend") return Method::unblend;
  if (options.method == "auto") return Method::automatic;
  return Method::fill;
}

PlannedOverlay planned(const Candidate& candidate, PlaceEstimate place, const Likely& likely,
                       const CropStack& seen, There there, Method wanted, std::string& reason) {
  MatteEstimate& estimate = place.matte;
  const Box& box = candidate.detection.box;
  PlannedOverlay overlay{
      candidate.detection, mask_of(candidate.detection), nullptr, Method::fill, {}, {}};
  // A place may be drawn, or found, generously round a mark that is plain to see.
  const bool fits =
      estimate.model && estimate.changing <= most_changing && estimate.left <= most_left &&
      (spans(*estimate.support, box) ||
       (estimate.stands_out > plain_outline && estimate.left <= proof_left &&
        (there == There::moving || ((there == There::at_times || candidate.detection.told) &&
                                    !changes_beside(*estimate.support, seen, box)))));
  std::shared_ptr<Mask> outline =
      mark_outline(estimate.support.get(), likely, seen, box, fits ? Margin::close : Margin::wide);
  const bool outlined = fits || (likely.known() && estimate.changing <= most_changing &&
                                 spans(*outline, box) && !changes_beside(*outline, seen, box));
  const FlatMark flat =
      outlined ? flat_mark(*outline, seen, sure_of(estimate, likely, seen.box(0))) : FlatMark{};
  if (flat.outline) outline = flat.outline;
  if (fits) outline = trimmed_outline(*outline, estimate.model.get(), likely, seen);
  if (outlined) overlay.support = within_told(outline, candidate.detection);
  if (!fits && (!estimate.model || wanted != Method::unblend)) {
    const char* filled = outlined ? "its outline is filled" : "the whole place is filled";
    if (!estimate.model)
      reason += fmt::format(" Nothing stands out there from the background, so {}.", filled);
    else if (estimate.changing > most_changing)
      reason += fmt::format(" {:.0f} % of it changes, so {}.", 100 * estimate.changing, filled);
    else if (estimate.left > most_left)
      reason += fmt::format(" Un-blending would leave {:.0f} % of it, so {}.", 100 * estimate.left,
                            filled);
    else
      reason += fmt::format(" What stands out there is much smaller than the place; {}.", filled);
    return overlay;
  }
  follow_gain(overlay, place);
  if (wanted == Method::fill) return overlay;
  reason += fmt::format(" Its opacity is {:.2f} +- {:.2f}.", estimate.model->alpha_peak,
                        estimate.model->alpha_error);
  if (estimate.bent && wanted == Method::automatic) {
    reason +=
        " It was mixed in linear light, as no opacity and colour account for it; its place is "
        "filled.";
    return overlay;
  }
  // What its colours must be says more of a still scene's mark than how much shines through it.
  const double opacity = std::max(estimate.opacity, estimate.model->alpha_peak);
  if (wanted == Method::automatic) {
    const double error = estimate.model->alpha_error;
    const bool by_looks = likely.known() && error > hardly;
    if (!estimate.seen_bare &&
        (opacity + 2 * error > surely_opaque || (by_looks && estimate.opacity > most_by_looks))) {
      reason += " It may well be opaque, so its place is filled.";
      return overlay;
    }
    if (!estimate.seen_bare && error > hardly && thin_strokes(*estimate.model)) {
      reason += " Its strokes are too thin to tell its opacity, so its outline is filled.";
      return overlay;
    }
    if (!estimate.seen_bare && flat.opaque) {
      reason += " Its paints are flat and show nothing of the scene, so its place is filled.";
      return overlay;
    }
    if (!estimate.seen_bare && hides_all(estimate, likely, seen)) {
      reason += " None of the scene's detail is seen in it, so its place is filled.";
      return overlay;
    }
    if (estimate.trust < least_trust) {
      reason += " Little shines through, so its place is filled.";
      return overlay;
    }
  }
  overlay.support = std::move(estimate.support);
  overlay.model = std::move(estimate.model);
  overlay.method = Method::unblend;
  return overlay;
}

PlannedOverlay planned_master(const Candidate& candidate, PlaceEstimate place, Method wanted,
                              std::string& reason) {
  MatteEstimate& estimate = place.matte;
  reason += fmt::format(" Its strength is {:.2f} of the file's, its opacity {:.2f}.",
                        estimate.opacity, estimate.model->alpha_peak);
  PlannedOverlay overlay;
  overlay.detection = candidate.detection;
  overlay.support = estimate.reach;
  if (wanted == Method::automatic && estimate.trust < least_trust)
    reason += " Little shines through, so its place is filled.";
  else if (wanted != Method::fill) {
    overlay.support = estimate.support;
    overlay.model = estimate.model;
    overlay.method = Method::unblend;
  }
  follow_gain(overlay, place);
  return overlay;
}

}  // namespace cleanplate
