#include "pipeline/place_estimate.h"

#include <algorithm>
#include <cmath>

#include "matte/gain_history.h"
#include "matte/master.h"
#include "matte/something_else.h"

namespace cleanplate {

namespace {

constexpr double sure = .2;         // greatest error of a gain that tells something
constexpr double well_known = .15;  // error of an opacity that a mark's is known by

double middle(std::vector<float> values) {
  return static_cast<double>(quantile(std::move(values), .5));
}

/// By the model of those that were kept, the frames that were left out do have less of the overlay,
/// and some have nothing of it: a scene that stands still for a while, or the mark's own poor
/// estimate, makes the gain vary too, but leaves some everywhere.
/// @param known  the model's opacity is; else its gains must keep closely to 0 and 1.
bool confirmed(const std::vector<FrameGain>& gains, const std::vector<int>& kept, bool known) {
  const double nothing = known ? .15 : .06, off = known ? .25 : .08;
  std::vector<bool> in(gains.size());
  for (const int t : kept) in[static_cast<std::size_t>(t)] = true;
  std::vector<float> there;
  double told = 0, weaker = 0, away = 0, between = 0;
  for (std::size_t t = 0; t < gains.size(); ++t) {
    if (gains[t].error > sure) continue;
    if (in[t]) {
      there.push_back(static_cast<float>(gains[t].value));
      continue;
    }
    told += 1;
    weaker += gains[t].value + 2 * gains[t].error < .95;
    away += std::abs(gains[t].value) < nothing;
    between += gains[t].value > nothing && gains[t].value < 1 - nothing;
  }
  if (there.size() < 3 || told < 2) return false;
  return std::abs(middle(there) - 1) < off && weaker > .6 * told &&
         away >= std::max(3., .8 * between);
}

/// The estimate from some of the frames, where it shows that the others have less of the overlay,
/// and leaves no more of it than the one from all frames.
struct Again {
  MatteEstimate matte;
  std::vector<FrameGain> gains;
};
Again estimate_from(const std::vector<int>& kept, const CropStack& seen, const CropStack& placebo,
                    const Field& hint, const MatteEstimate& whole, const Likely& likely) {
  constexpr double more_left = .05;  // share of the contrast
  Again out{estimate_matte(seen.of(kept), placebo.of(kept), hint, likely), {}};
  if (out.matte.model && whole.model && out.matte.left > whole.left + more_left)
    out.matte.model = nullptr;
  if (out.matte.model) out.gains = gains_of(GainMeter(*out.matte.model), seen);
  if (out.matte.model && !confirmed(out.gains, kept, out.matte.model->alpha_error < well_known))
    out.matte.model = nullptr;
  return out;
}

}  // namespace

PlaceEstimate estimate_place(const CropStack& seen, const CropStack& placebo, const Field& hint,
                             const std::vector<std::int64_t>& pts, const MatteEstimate& whole,
                             const Likely& likely) {
  PlaceEstimate out;
  if (seen.frames() == 0) return out;
  const Presence presence = presence_of(seen, hint);
  std::vector<int> full = presence.there, away = presence.away;
  Again part;
  if (!full.empty()) part = estimate_from(full, seen, placebo, hint, whole, likely);
  out.matte = whole;
  if (!part.matte.model) {
    if (!out.matte.model) return out;
    const auto gains = gains_of(GainMeter(*out.matte.model), seen);
    full = strongest_frames(gains), away.clear();
    if (full.size() < gains.size()) part = estimate_from(full, seen, placebo, hint, whole, likely);
  }
  if (!part.matte.model) return out;
  if (something_else_comes(seen, part.gains, hint)) {
    out.matte.changing = 1;
    return out;
  }
  out.matte = std::move(part.matte);
  out.appearance = out.matte.model;
  out.gain = gain_history(part.gains, pts, full, away);
  return out;
}

PlaceEstimate master_place(const OverlayModel& master, const CropStack& seen,
                           const CropStack& placebo, const std::vector<std::int64_t>& pts) {
  PlaceEstimate out{master_matte(master, seen, placebo), nullptr, {}};
  if (!out.matte.model) return out;
  out.appearance = out.matte.model;
  out.gain = gain_history(gains_of(GainMeter(*out.matte.model), seen), pts, {}, {});
  return out;
}

}  // namespace cleanplate
