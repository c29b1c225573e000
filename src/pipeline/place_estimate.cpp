#include "pipeline/place_estimate.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "matte/gain_history.h"
#include "matte/master.h"
#include "matte/something_else.h"
#include "pipeline/closer_place.h"

namespace cleanplate {

namespace {

constexpr double sure = .2;         // greatest error of a gain that tells something
constexpr double well_known = .15;  // error of an opacity that a mark's is known by
constexpr double least_span = .4;   // of a gain, between there and away
constexpr double least_fade = 5;    // frames

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

/// Whether gains over time fall to their least and rise from it.
bool goes_and_comes(std::span<const double> run) {
  constexpr double level = .03;  // by which a meter's answers lie apart
  const auto least =
      static_cast<std::size_t>(std::min_element(run.begin(), run.end()) - run.begin());
  for (std::size_t k = 1; k < run.size(); ++k)
    if ((k <= least ? run[k] - run[k - 1] : run[k - 1] - run[k]) > level) return false;
  return true;
}

/// How many gains between nothing and all are a fade's: on the way to where it is away and from
/// there, or cut off by the first or last frame.
double of_fades(const std::vector<double>& course, double nothing) {
  double out = 0;
  for (std::size_t from = 0, to = 0; from < course.size(); from = to + 1) {
    for (to = from; to < course.size() && course[to] < 1 - nothing;) ++to;
    const std::span run(course.data() + from, to - from);
    const auto away = std::count_if(run.begin(), run.end(), [&](double v) { return v < nothing; });
    if ((away > 0 || from == 0 || to == course.size()) && goes_and_comes(run))
      out += static_cast<double>(std::ssize(run) - away);
  }
  return out;
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
  std::vector<double> course;
  for (std::size_t t = 0; t < gains.size(); ++t) {
    if (gains[t].error > sure) continue;
    const double value = (gains[t].value - nought) / span;
    course.push_back(in[t] ? 1 : std::abs(value));
    if (in[t]) continue;
    told += 1;
    weaker += value + 2 * gains[t].error / span < .95;
    away += std::abs(value) < nothing;
    between += value > nothing && value < 1 - nothing;
  }
  const double fades = of_fades(course, nothing);
  return told >= 2 && std::abs(full - 1) < off && span > least_span && weaker > .6 * told &&
         away >= (fades >= least_fade ? 1 : 3) && away >= .8 * (between - fades);
}

/// Whether the model of all frames surely sees that the mark is away in some, and there in others.
bool surely_goes(const std::vector<FrameGain>& whole) {
  constexpr double nothing = .06, there = .8, closely = .05, some = .1;
  double away = 0, seen = 0;
  for (const FrameGain& g : whole) {
    away += std::abs(g.value) < nothing && g.error < closely;
    seen += g.value > there && g.error < sure;
  }
  return std::min(away, seen) > some * static_cast<double>(whole.size());
}

/// Whether the model of all frames surely sees the mark where that of some says that it is away:
/// those were alike for what stands still behind it, and the scene went, not the mark.
bool there_after_all(const std::vector<FrameGain>& whole, const std::vector<FrameGain>& part) {
  constexpr double away = .3, there = .8, surely = .05;
  double gone = 0, seen = 0;
  for (std::size_t t = 0; t < std::min(whole.size(), part.size()); ++t) {
    if (part[t].error > sure || part[t].value > away) continue;
    gone += 1;
    seen += whole[t].value > there && whole[t].error < surely;
  }
  return 2 * seen > gone;
}

/// The hint where it lies in a mark or hardly beside it.
Field near_mark(const Field& hint, const Mask& mark, const Box& box) {
  Field marked(hint.width, hint.height);
  for (int y = 0; y < hint.height; ++y)
    for (int x = 0; x < hint.width; ++x)
      marked.at(x, y) = mark.at(x + box.x, y + box.y) > 0 ? 1.f : 0.f;
  return hint_near(hint, marked);
}

/// The estimate from some of the frames, where it shows that the others have less of the overlay,
/// and leaves no more of it than the one from all frames.
struct Again {
  Presence frames;
  MatteEstimate matte;
  std::vector<FrameGain> gains;
};
/// @param from   its frames with the overlay.
/// @param more_left  share of the contrast, that it may leave more than the one from all frames.
/// @param floor  whether what the meter says where it is away may be nothing, instead of 0.
Again estimate_from(Presence from, const CropStack& seen, const CropStack& placebo,
                    const Field& hint, const MatteEstimate& whole, const Likely& likely,
                    double more_left, bool floor) {
  Again out{std::move(from), {}, {}};
  std::vector<int>& kept = out.frames.there;
  out.matte = estimate_matte(seen.of(kept), placebo.of(kept), hint, likely);
  if (out.matte.model && whole.model && out.matte.left > whole.left + more_left)
    out.matte.model = nullptr;
  if (!out.matte.model) return out;
  out.gains = gains_of(GainMeter(*out.matte.model), seen);
  const bool known = out.matte.model->alpha_error < well_known;
  const auto nothing = floor ? floor_of(out.gains, out.frames.away) : std::nullopt;
  const auto holds = [&](const std::vector<int>& frames) {
    return confirmed(out.gains, frames, known) ||
           (nothing && confirmed(out.gains, frames, known, nothing));
  };
  // What was told from another model may have left out some that are full.
  if (holds(kept)) return out;
  kept = strongest_frames(out.gains);
  if (!holds(kept)) out.matte.model = nullptr;
  return out;
}

/// Where the scene stands still while the mark comes or goes, what it hides is seen beside.
void see_bare(PlaceEstimate& place, const CropStack& seen, const Field& hint,
              const std::vector<std::int64_t>& pts) {
  constexpr double near = .1;     // of a gain to nothing or all
  constexpr double agreeing = 2;  // errors that two opacities of one mark lie apart
  Presence frames;
  std::vector<std::int64_t> with, without;
  for (std::size_t t = 0, n = 0; t < pts.size() && n < place.gain.samples.size(); ++t) {
    if (place.gain.samples[n].pts != pts[t]) continue;
    const double value = place.gain.samples[n++].value;
    if (value > 1 - near)
      frames.there.push_back(static_cast<int>(t)), with.push_back(pts[t]);
    else if (std::abs(value) < near)
      frames.away.push_back(static_cast<int>(t)), without.push_back(pts[t]);
  }
  const CropStack there = seen.of(frames.there), away = seen.of(frames.away);
  auto mark = mark_by_steps({there, with}, {away, without}, hint, place.matte, Step::fade);
  if (!mark) return;
  // Trees that sway meanwhile take detail as a mark does.
  const OverlayModel &known = *place.matte.model, &seen_so = *mark->matte.model;
  if (std::abs(seen_so.alpha_peak - known.alpha_peak) >
      agreeing * std::hypot(seen_so.alpha_error, known.alpha_error))
    return;
  place.matte = std::move(mark->matte);
  GainHistory gain =
      gain_history(gains_of(GainMeter(*place.matte.model), seen), pts, frames.there, frames.away);
  if (!gain.measured || !gain.varies) return;
  place.gain = std::move(gain);
  place.appearance = place.matte.model;
}

}  // namespace

bool doubtful(const MatteEstimate& e) {
  constexpr double left = .1, error = .08, still = 4, least_opacity = .12;
  return !e.model || e.left > left || e.model->alpha_error > error ||
         (e.background_motion < still && !e.crisp) || e.opacity < least_opacity;
}

std::optional<SteppedMark> mark_by_steps(const TimedStack& with, const TimedStack& without,
                                         const Field& hint, const MatteEstimate& known, Step step) {
  constexpr double stands_still = .95;  // of the scene's detail, that stays
  if (with.frames.frames() == 0 || without.frames.frames() == 0) return std::nullopt;
  const auto pictures = pictures_of_steps(with, without, hint);
  if (!pictures) return std::nullopt;
  const bool fades = step == Step::fade;
  const bool asked = !doubtful(known) || (fades && pictures->stays < stands_still);
  if (known.model && asked && told_better(*known.model, *pictures, fades ? much_left : little_left))
    return std::nullopt;
  KnownOpacity opacity;
  if (known.model && known.model->alpha_error < opacity.error)
    opacity = {known.model->alpha_peak, known.model->alpha_error};
  // What hangs together with what is known: in a fade's time other things come as well.
  const Field from =
      fades && known.model ? near_mark(hint, *known.support, with.frames.box(0)) : hint;
  SteppedMark mark = stepped_mark(*pictures, with.frames, from, opacity);
  if (!mark.matte.model) return std::nullopt;
  return mark;
}

PlaceEstimate estimate_place(const CropStack& seen, const CropStack& placebo, const Field& hint,
                             const Field& anywhere, const std::vector<std::int64_t>& pts,
                             const MatteEstimate& whole, const Likely& likely) {
  PlaceEstimate out;
  if (seen.frames() == 0) return out;
  out.matte = whole;
  Again part;
  const std::vector<FrameGain> by_whole =
      whole.model ? gains_of(GainMeter(*whole.model), seen) : std::vector<FrameGain>();
  // What may be left more than by all frames, share of the contrast: much where it surely goes, as
  // these would leave its negative in the frames without it.
  constexpr double little = .05, much = .25;
  const double more_left = surely_goes(by_whole) ? much : little;
  Again fallback;  // leaves more than little
  // Of several ways to tell the frames apart, the one whose mark un-blending leaves least of.
  const auto attempt = [&](Presence frames, const Field& where, bool floor, double most) {
    if (frames.there.empty() || std::ssize(frames.there) == seen.frames()) return;
    Again other =
        estimate_from(std::move(frames), seen, placebo, where, whole, likely, most, floor);
    if (there_after_all(by_whole, other.gains)) return;
    Again& best = whole.model && other.matte.left > whole.left + little ? fallback : part;
    if (other.matte.model && (!best.matte.model || other.matte.left < best.matte.left))
      best = std::move(other);
  };
  const Presence by_edges = presence_of(seen, 0, hint);
  Presence by_gains;
  if (whole.model) by_gains.there = strongest_frames(by_whole);
  attempt(by_edges, hint, false, more_left);
  attempt(by_gains, hint, false, more_left);
  // What went by behind it in so few frames stands out of them as a mark does; it did not in all.
  if (!part.matte.model && whole.model) {
    const Field near = near_mark(hint, *whole.support, seen.box(0));
    attempt(by_edges, near, false, little);
    attempt(by_gains, near, false, little);
  }
  // A red mark before trees of its own brightness is seen to come and go in chroma alone; chroma is
  // too flat to tell the meter's floor by chance.
  for (int c = 1; c < seen.format().components() && whole.model && !part.matte.model; ++c)
    attempt(presence_of(seen, c, hint), hint, true, little);
  if (!part.matte.model) part = std::move(fallback);
  if (!part.matte.model) return out;
  if (something_else_comes(seen, part.gains, hint)) {
    out.matte.changing = 1;
    return out;
  }
  out.matte = std::move(part.matte);
  out.gain = gain_history(part.gains, pts, part.frames.there, part.frames.away);
  out.appearance = out.matte.model;
  see_bare(out, seen, anywhere, pts);
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
