#include "pipeline/proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "detect/moving_marks.h"

namespace cleanplate {

namespace {

constexpr double proof_score = .22;  // of a static candidate, below which nothing is a proof…
constexpr double beside_sure = .35;  // …and beside an overlay that is sure
constexpr double rigid_left = .3;    // as proof_left, of what the way it goes all but proves

/// Shares of the frames looked at in which it is there in full, and away.
struct Presence {
  double there = 0, away = 0;
};

Presence presence_of(const GainHistory& gain) {
  const auto share = [&](auto&& is) {
    return static_cast<double>(std::count_if(gain.samples.begin(), gain.samples.end(), is)) /
           static_cast<double>(std::max<std::size_t>(1, gain.samples.size()));
  };
  return {share([](const GainSample& s) { return s.value > .85; }),
          share([](const GainSample& s) { return s.value < .15; })};
}

}  // namespace

bool any_sure(const std::vector<Candidate>& candidates) {
  return std::any_of(candidates.begin(), candidates.end(), surely_found);
}

std::vector<Candidate> worth_a_look(std::vector<Candidate> candidates) {
  const bool sure = any_sure(candidates);
  for (Candidate& c : candidates) {
    const double score = c.detection.score;
    if (!c.accepted || c.detection.told || score >= (sure ? beside_sure : proof_score)) continue;
    c.accepted = false;
    c.reason += fmt::format(" But its score is too low ({:.2f}) for any proof{}.", score,
                            score < proof_score ? "" : " beside an overlay that is sure");
  }
  return candidates;
}

bool plain_bar(const CropStack& seen, const Box& place) {
  constexpr int slim = 8;       // times as long as wide
  constexpr int soft = 4;       // samples that its edges are smeared over
  constexpr float least = 6;    // 8-bit levels that coding moves a plain colour by
  constexpr float most = .98f;  // of the samples
  const int width = std::min(place.width, place.height);
  if (std::max(place.width, place.height) < slim * width || seen.frames() == 0) return false;
  const Box inner = place.grown(-std::min(soft, width / 4)).intersect(seen.box(0));
  const Field frame = seen.field(0, seen.frames() / 2);
  std::vector<float> values;
  for (int y = inner.y; y < inner.bottom(); ++y)
    for (int x = inner.x; x < inner.right(); ++x)
      values.push_back(frame.at(x - seen.box(0).x, y - seen.box(0).y));
  if (values.empty()) return false;
  const float unit = std::ldexp(1.f, seen.format().bits - 8);
  return quantile(values, most) - quantile(values, 1 - most) < least * unit;
}

bool spans(const Mask& mask, const Box& place) {
  constexpr double least = .6;  // of width and height
  int x0 = place.right(), x1 = place.x, y0 = place.bottom(), y1 = place.y;
  for (int y = place.y; y < place.bottom(); ++y)
    for (int x = place.x; x < place.right(); ++x)
      if (mask.at(x, y) > 0)
        x0 = std::min(x0, x), x1 = std::max(x1, x + 1), y0 = std::min(y0, y),
        y1 = std::max(y1, y + 1);
  return x1 - x0 > least * place.width && y1 - y0 > least * place.height;
}

bool proven(const MatteEstimate& e, const Detection& found, There there, std::string& reason) {
  const bool moves = there == There::moving;
  const bool rigid = moves && found.score >= rigid_score;
  const double score = found.score;
  Box place = found.box;
  if (moves) place = place.grown(-std::min(place.width, place.height) / 6);  // of a coarse grid
  if (score >= sure_score) return true;
  if (!e.model) {
    reason += " But nothing stands out there from the background.";
    return false;
  }
  const double error = e.model->alpha_error;
  if (error > .2 || e.opacity < .12 + (rigid ? 2 : 2.5) * error ||
      std::max(e.opacity, e.model->alpha_peak) + 2 * error > .8)
    reason += fmt::format(
        " But what is behind it is not seen to be dimmed and to shine through (opacity {:.2f} +- "
        "{:.2f}).",
        e.opacity, error);
  else if (e.stands_out < (score < .5 ? 5 : 3))
    reason += fmt::format(" But its outline stands out only {:.1f} times as much as a scene's.",
                          e.stands_out);
  else if (e.left > (rigid ? rigid_left : proof_left) || (e.worse_than_fill && !moves))
    reason +=
        fmt::format(" But un-blending would leave {:.0f} % of it: it is no overlay.", 100 * e.left);
  else if (!spans(*e.support, place))
    reason += " But what stands out there is much smaller than the place.";
  else if (e.changing > most_changing)
    reason += fmt::format(" But {:.0f} % of it changes in other ways than one overlay's.",
                          100 * e.changing);
  else
    return true;
  return false;
}

bool mostly_away(const Detection& found, const GainHistory& gain) {
  constexpr double more = 1.5;
  const auto [there, away] = presence_of(gain);
  return found.score < no_doubt && gain.measured && gain.varies && away > more * there;
}

std::string told_gain(const GainHistory& gain) {
  if (gain.samples.empty()) return {};
  const auto [there, away] = presence_of(gain);
  return fmt::format(
      " It fades or goes: there in {:.0f} %, away in {:.0f} % of the frames looked at.",
      100 * there, 100 * away);
}

}  // namespace cleanplate
