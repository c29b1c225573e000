#include "pipeline/place_estimate.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "matte/gain_history.h"
#include "matte/master.h"
#include "matte/something_else.h"

namespace cleanplate {

namespace {

constexpr double sure = .2;         // greatest error of a gain that tells something
constexpr double well_known = .15;  // error of an opacity that a mark's is known by
constexpr double least_span = .4;   // of a gain, between there and away

double middle(std::vector<float> values) {
  return static_cast<double>(quantile(std::move(values), .5));
}

/// What the meter says where the overlay is away: one that cannot tell the mark's edges from the
/// scene's in one plane says more than nothing, but always as much. @return nothing: it varies.
std::optional<double> floor_of(const std::vector<FrameGain>& gains, const std::vector<int>& away) {
  constexpr double near = .06;
  std::vector<float> values, off;
  for (const int t : away)
    if (const FrameGain& g = gains[static_cast<std::size_t>(t)]; g.error < sure)
      values.push_back(static_cast<float>(g.value));
  if (values.size() < 3) return std::nullopt;
  const double floor = middle(values);
  for (const float v : values) off.push_back(std::abs(v - static_cast<float>(floor)));
  if (std::abs(floor) > most_floor || middle(std::move(off)) > near) return std::nullopt;
  return floor;
}

/// By the model of those that were kept, the frames that were left out do have less of the overlay,
/// and some have nothing of it: a scene that stands still for a while, or the mark's own poor
/// estimate, makes the gain vary too, but leaves some everywhere.
/// @param known  the model's opacity is; else its gains must keep closely to 0 and 1.
/// @param floor  the gain that is nothing; where it is not told, that is 0, and 1 is all.
bool confirmed(const std::vector<FrameGain>& gains, const std::vector<int>& kept, bool known,
               std::optional<double> floor = {}) {
  const double nothing = known ? .15 : .06, off = known ? .25 : .08;
  std::vector<bool> in(gains.size());
  for (const int t : kept) in[static_cast<std::size_t>(t)] = true;
  std::vector<float> there;
  for (std::size_t t = 0; t < gains.size(); ++t)
    if (in[t] && gains[t].error <= sure) there.push_back(static_cast<float>(gains[t].value));
  if (there.size() < 3) return false;
  const double full = middle(there), nought = floor.value_or(0), span = floor ? full - nought : 1;
  double told = 0, weaker = 0, away = 0, between = 0;
  for (std::size_t t = 0; t < gains.size(); ++t) {
    if (in[t] || gains[t].error > sure) continue;
    const double value = (gains[t].value - nought) / span;
    told += 1;
    weaker += value + 2 * gains[t].error / span < .95;
    away += std::abs(value) < nothing;
    between += value > nothing && value < 1 - nothing;
  }
  return told >= 2 && std::abs(full - 1) < off && span > least_span && weaker > .6 * told &&
         away >= std::max(3., .8 * between);
}

/// The estimate from some of the frames, where it shows that the others have less of the overlay,
/// and leaves no more of it than the one from all frames.
struct Again {
  MatteEstimate matte;
  std::vector<FrameGain> gains;
};
/// @param away  frames that surely lack it; empty: the meter must find nothing there.
Again estimate_from(const std::vector<int>& kept, const std::vector<int>& away,
                    const CropStack& seen, const CropStack& placebo, const Field& hint,
                    const MatteEstimate& whole, const Likely& likely) {
  constexpr double more_left = .05;  // share of the contrast
  Again out{estimate_matte(seen.of(kept), placebo.of(kept), hint, likely), {}};
  if (out.matte.model && whole.model && out.matte.left > whole.left + more_left)
    out.matte.model = nullptr;
  if (!out.matte.model) return out;
  out.gains = gains_of(GainMeter(*out.matte.model), seen);
  const bool known = out.matte.model->alpha_error < well_known;
  const auto floor = floor_of(out.gains, away);
  if (!confirmed(out.gains, kept, known) && !(floor && confirmed(out.gains, kept, known, floor)))
    out.matte.model = nullptr;
  return out;
}

}  // namespace

PlaceEstimate estimate_place(const CropStack& seen, const CropStack& placebo, const Field& hint,
                             const std::vector<std::int64_t>& pts, const MatteEstimate& whole,
                             const Likely& likely) {
  PlaceEstimate out;
  if (seen.frames() == 0) return out;
  std::vector<int> full, away;
  Again part;
  const auto estimate = [&](const std::vector<int>& surely_away) {
    if (!full.empty() && full.size() < static_cast<std::size_t>(seen.frames()))
      part = estimate_from(full, surely_away, seen, placebo, hint, whole, likely);
  };
  const auto take_presence = [&](int component) {
    Presence presence = presence_of(seen, component, hint);
    full = std::move(presence.there), away = std::move(presence.away);
  };
  take_presence(0);
  estimate({});
  out.matte = whole;
  if (!part.matte.model && whole.model) {
    full = strongest_frames(gains_of(GainMeter(*whole.model), seen)), away.clear();
    estimate({});
  }
  // A red mark before trees of its own brightness is seen to come and go in chroma alone; chroma is
  // too flat to tell the meter's floor by chance.
  for (int c = 1; c < seen.format().components() && whole.model && !part.matte.model; ++c) {
    take_presence(c);
    estimate(away);
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
