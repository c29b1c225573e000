#include "matte/paint_choice.h"

#include <algorithm>
#include <cmath>

#include "matte/paint_parts.h"
#include "matte/scenery.h"

namespace cleanplate {

namespace {
constexpr double least_gain = .08;      // of the first paint's, for another to be taken
constexpr double small_gain = .02;      // the same, where a sample of it gains about as much…
constexpr double alike = .7;            // …as one of the first paint's, by this share…
constexpr double alike_if_sure = .5;    // …or this, where D cannot be chance
constexpr float least_contrast = .18f;  // of the strongest paint's
constexpr float sure_spreads = 4;       // of D, for a weaker paint than that
constexpr double least_kept = .65;      // of an older paint's area, when another is taken
constexpr double least_left = .2;       // the same, when it gains much…
constexpr double much = .25;            // …of what the first one did
constexpr double most_lost = .35;       // of the gain so far, that a fit may cost
constexpr double most_by_chance = .5;   // of another paint's gain, that it has where no mark is
constexpr std::ptrdiff_t least_samples = 8;
constexpr double least_alpha = .05, most_alpha = .97;
constexpr double closely = .08;    // error of an opacity that nothing tells better
constexpr float same_colour = 24;  // levels
constexpr double same_alpha = .1;
constexpr float same_spreads = 2;  // of D

float strength(const Paint& p) {
  float most = 0;
  for (float d : p.contrast) most = std::max(most, std::abs(d));
  return most;
}

/// How many times more D is than chance makes it, in the component that shows it best.
float spreads(const Evidence& evidence, const Paint& p) {
  float most = 0;
  for (std::size_t c = 0; c < 3; ++c)
    if (evidence.spread[c] > 0) most = std::max(most, std::abs(p.contrast[c]) / evidence.spread[c]);
  return most;
}

float colour(const Paint& p, std::size_t component) {
  return p.premultiplied[component] / static_cast<float>(p.alpha);
}

/// Whether a paint is what the others lie on, a panel, by what all of it looks like.
bool is_panel(const Evidence& evidence, const PaintMap& map, std::size_t paint) {
  constexpr double surely = .9, mostly = .5;
  if (!evidence.likely.known()) return false;
  double looks = 0, own = 0, all = 0;
  for (std::size_t i = 0; i < map.paint.size(); ++i) {
    all += map.paint[i] != 0;
    if (map.paint[i] == paint)
      looks += static_cast<double>(evidence.likely.overlay.values[i]), own += 1;
  }
  return looks > surely * own && own > mostly * all;
}

/// Paints that are nowhere, or hardly other than what is round them.
void drop_paints(const Evidence& evidence, std::vector<Paint>& paints, PaintMap& map) {
  float strongest = 0;
  for (const Paint& p : paints) strongest = std::max(strongest, strength(p));
  std::vector<std::uint8_t> renamed(paints.size() + 1, 0);
  std::vector<Paint> kept;
  for (std::size_t k = 0; k < paints.size(); ++k) {
    const auto samples =
        std::count(map.paint.begin(), map.paint.end(), static_cast<std::uint8_t>(k + 1));
    const bool weak = strength(paints[k]) < least_contrast * strongest &&
                      spreads(evidence, paints[k]) < sure_spreads &&
                      !is_panel(evidence, map, k + 1);
    if (samples < least_samples || strength(paints[k]) < 2 * evidence.unit || weak) continue;
    kept.push_back(std::move(paints[k]));
    renamed[k + 1] = static_cast<std::uint8_t>(kept.size());
  }
  paints = std::move(kept);
  for (std::uint8_t& p : map.paint) p = renamed[p];
  find_solid(map);
}

std::vector<std::ptrdiff_t> areas(const PaintedMark& mark) {
  std::vector<std::ptrdiff_t> out;
  for (std::size_t k = 0; k < mark.paints.size(); ++k)
    out.push_back(
        std::count(mark.map.paint.begin(), mark.map.paint.end(), static_cast<std::uint8_t>(k + 1)));
  return out;
}

/// Whether the new paint stands beside those that were there, and not in their stead.
/// @param kept  share of their areas that they must keep.
bool adds(const PaintedMark& before, const PaintedMark& after, double kept) {
  const auto old = areas(before), now = areas(after);
  for (std::size_t k = 0; k < old.size(); ++k)
    if (static_cast<double>(now[k]) < kept * static_cast<double>(old[k])) return false;
  return now.back() >= least_samples;
}

struct Trial {
  PaintedMark mark;
  double jumps = 0;
};

/// What the first paint did, for the next ones to be held against.
struct First {
  double gain = 0;  ///< less jumps
  double area = 0;  ///< samples
};

/// Whether the last paint lets the plate hang together so much better: by all that it does, or,
/// where it is small, by what a sample of it does.
/// @param surely  D cannot be chance.
bool gains(const First& first, double gain, const PaintedMark& mark, bool surely) {
  if (gain <= small_gain * first.gain) return false;
  const auto area = static_cast<double>(areas(mark).back());
  const double least = surely ? alike_if_sure : alike;
  return gain > least_gain * first.gain || gain * first.area > least * first.gain * area;
}

double jumps_without_votes(const Evidence& evidence, const Field& hint, const PaintedMark& mark) {
  return jumps_of(evidence, hint, mark.paints, mark.map.paint.empty() ? bare_map(hint) : mark.map,
                  Votes::none);
}

class Choice {
 public:
  Choice(const CropStack& seen, const CropStack& placebo, const Evidence& evidence,
         const Field& hint, Votes votes)
      : seen_(seen), evidence_(evidence), hint_(hint), votes_(votes), scenery_(placebo) {
    PaintMap none = bare_map(hint);
    bare_ = settle_paints(evidence, hint, {}, none, votes);
  }

  /// `base` with one paint more. The first one starts where D is nearer to it than to none.
  Trial with(const PaintedMark& base, const Paint& paint) const {
    Trial t{base, 0};
    t.mark.paints.push_back(paint);
    if (base.paints.empty()) {
      t.mark.map = nearest_paints(evidence_, hint_, t.mark.paints);
      t.mark.opacity = fit_paints(seen_, evidence_, t.mark.map, t.mark.paints);
    }
    t.jumps = settle_paints(evidence_, hint_, t.mark.paints, t.mark.map, votes_, 1);
    return t;
  }
  /// Fits the paints to the map and the map to the paints anew, unless the plate hangs together
  /// worse then.
  void refine(Trial& t) const {
    Trial next = t;
    next.mark.opacity = fit_paints(seen_, evidence_, next.mark.map, next.mark.paints);
    sharpen(next.mark);
    next.jumps = settle_paints(evidence_, hint_, next.mark.paints, next.mark.map, votes_);
    if (next.jumps - t.jumps < most_lost * (bare_ - t.jumps)) t = std::move(next);
  }
  /// Gives parts of a colour of their own a paint each, where the plate hangs together better then.
  void split(Trial& t) const {
    Trial next = t;
    if (!split_off(evidence_, next.mark)) return;
    settle_paints(evidence_, hint_, next.mark.paints, next.mark.map, votes_, 1);
    next.mark.opacity = fit_paints(seen_, evidence_, next.mark.map, next.mark.paints);
    next.jumps = settle_paints(evidence_, hint_, next.mark.paints, next.mark.map, votes_);
    if (next.jumps < t.jumps) t = std::move(next);
  }
  /// Each paint's opacity where the plate jumps least, the borders as they are: lines of the scene
  /// that go through the mark tell it closely. Within twice what the fit may be wrong by, and of a
  /// colour that there is.
  void sharpen(PaintedMark& mark) const {
    if (mark.opacity.error < closely) return;
    double least = jumps_of(evidence_, hint_, mark.paints, mark.map, Votes::none);
    const double free = 2 * mark.opacity.error;
    for (std::size_t k = 0; k < mark.paints.size(); ++k) {
      const Contour contour = contour_of(mark.map, static_cast<std::uint8_t>(k + 1), 10);
      if (contour.pairs.size() < 16) continue;
      const double lowest = std::max(least_alpha, mark.paints[k].alpha - free),
                   highest = std::min(most_alpha, mark.paints[k].alpha + free);
      for (const double step : {.08, .04, .02, .01})
        for (int way = -1; way <= 1; way += 2)
          for (;;) {
            std::vector<Paint> paints = mark.paints;
            paints[k].alpha += way * step;
            if (paints[k].alpha < lowest || paints[k].alpha > highest) break;
            paints[k].premultiplied = fit_colour(evidence_, contour, paints, paints[k].alpha);
            if (!possible(paints[k])) break;
            const double jumps = jumps_of(evidence_, hint_, paints, mark.map, Votes::none);
            if (jumps >= least) break;
            least = jumps, mark.paints = std::move(paints);
          }
    }
  }
  [[nodiscard]] bool possible(const Paint& p) const {
    const float slack = 10 * evidence_.unit;
    for (std::size_t c = 0; c < static_cast<std::size_t>(evidence_.components); ++c)
      if (const float w = colour(p, c); w < -slack || w > evidence_.top + slack) return false;
    return true;
  }
  /// Whether a paint is one of the mark's once more, as far as D tells.
  [[nodiscard]] bool seen_in(const PaintedMark& mark, const Paint& paint) const {
    return std::any_of(mark.paints.begin(), mark.paints.end(),
                       [&](const Paint& p) { return apart(p, paint) < same_spreads; });
  }
  /// Whether the paint, which began as one candidate, was fitted to another one of its hue that is
  /// weaker: the thinner of two layers.
  [[nodiscard]] bool became_thinner(const Paint& paint, const std::vector<Paint>& candidates,
                                    std::size_t began) const {
    // The last one is all of the support as one, where it was looked at.
    const auto end = candidates.end() - (evidence_.likely.known() ? 1 : 0);
    return thicker(candidates[began], paint) &&
           std::any_of(candidates.begin(), end, [&](const Paint& other) {
             return apart(other, paint) < same_spreads && thicker(candidates[began], other);
           });
  }
  /// The same by its colour.
  [[nodiscard]] bool again(const PaintedMark& mark) const {
    const Paint& last = mark.paints.back();
    return std::any_of(mark.paints.begin(), mark.paints.end() - 1, [&](const Paint& p) {
      float apart = 0;
      for (std::size_t c = 0; c < 3; ++c)
        apart = std::max(apart, std::abs(colour(p, c) - colour(last, c)));
      return apart < same_colour * evidence_.unit && std::abs(p.alpha - last.alpha) < same_alpha;
    });
  }
  /// Whether scenery like that beside the mark has as much use for the last paint.
  [[nodiscard]] bool by_chance(const PaintedMark& before, const PaintedMark& after) const {
    const double gain = jumps_without_votes(evidence_, hint_, before) -
                        jumps_without_votes(evidence_, hint_, after);
    return scenery_.use_for(after.paints.back(), hint_.size()) > most_by_chance * gain;
  }
  /// Whether the last paint may be nothing but the scene, seen through a hole in the others.
  [[nodiscard]] bool a_hole(const PaintedMark& mark) const {
    return scenery_.may_be_seen_in(mark.map, mark.paints);
  }
  [[nodiscard]] double jumps(const PaintedMark& mark) const {
    return jumps_of(evidence_, hint_, mark.paints, mark.map, votes_);
  }
  [[nodiscard]] double bare() const { return bare_; }

 private:
  /// Of the other's hue, and stronger.
  [[nodiscard]] bool thicker(const Paint& one, const Paint& other) const {
    constexpr float stronger = 1.2f, alike_hue = .95f;  // cosine
    float both = 0, a = 0, b = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      const float x = one.contrast[c] / evidence_.spread[c],
                  y = other.contrast[c] / evidence_.spread[c];
      both += x * y, a += x * x, b += y * y;
    }
    return both > alike_hue * std::sqrt(a * b) && a > stronger * stronger * b;
  }
  /// In D, spreads.
  [[nodiscard]] float apart(const Paint& a, const Paint& b) const {
    float most = 0;
    for (std::size_t c = 0; c < 3; ++c)
      most = std::max(most, std::abs(a.contrast[c] - b.contrast[c]) / evidence_.spread[c]);
    return most;
  }

  const CropStack& seen_;
  const Evidence& evidence_;
  const Field& hint_;
  Votes votes_;
  Scenery scenery_;  // at a place without a mark
  double bare_;      // jumps where nothing is un-blended
};

}  // namespace

PaintedMark choose_paints(const CropStack& seen, const CropStack& placebo, const Evidence& evidence,
                          const Field& hint, std::vector<Paint> candidates, Votes votes) {
  for (Paint& p : candidates) p.alpha = .45, colour_from_contrast(evidence, p);
  const Choice choice(seen, placebo, evidence, hint, votes);
  const double bare = choice.bare();
  Trial taken;
  taken.jumps = bare;
  First first;
  while (!candidates.empty()) {
    Trial best;
    std::size_t which = 0;
    for (std::size_t k = 0; k < candidates.size(); ++k) {
      if (choice.seen_in(taken.mark, candidates[k])) continue;
      if (!taken.mark.paints.empty())
        candidates[k].alpha =
            std::max(taken.mark.paints[0].alpha, least_opacity(evidence, candidates[k])),
        colour_from_contrast(evidence, candidates[k]);
      Trial t = choice.with(taken.mark, candidates[k]);
      const bool much_more = taken.jumps - t.jumps > much * first.gain;
      if (!adds(taken.mark, t.mark, much_more ? least_left : least_kept)) continue;
      if (evidence.likely.known()) {  // it lies where it looks like one; that needs no second sign
        choice.sharpen(t.mark);
        t.jumps = choice.jumps(t.mark);
        if (choice.again(t.mark) || !choice.possible(t.mark.paints.back())) continue;
      }
      if (!taken.mark.paints.empty() && choice.a_hole(t.mark)) continue;
      const bool surely = spreads(evidence, candidates[k]) > beyond_chance;
      if (!gains(first, taken.jumps - t.jumps, t.mark, surely)) continue;
      if (!taken.mark.paints.empty() && !evidence.likely.known() && !surely &&
          choice.by_chance(taken.mark, t.mark))
        continue;
      if (best.mark.paints.empty() || t.jumps < best.jumps) best = std::move(t), which = k;
    }
    if (best.mark.paints.empty()) break;
    choice.refine(best);
    if (taken.mark.paints.empty()) {
      choice.refine(best);
      first = {bare - best.jumps, static_cast<double>(areas(best.mark)[0])};
    }
    taken = std::move(best);
    if (taken.mark.paints.size() > 1 ||
        !choice.became_thinner(taken.mark.paints[0], candidates, which))
      candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(which));
  }
  drop_paints(evidence, taken.mark.paints, taken.mark.map);
  if (taken.mark.paints.empty()) return {};
  choice.split(taken);
  choice.refine(taken);
  taken.mark.opacity = fit_paints(seen, evidence, taken.mark.map, taken.mark.paints);
  choice.sharpen(taken.mark);
  return std::move(taken.mark);
}

}  // namespace cleanplate
