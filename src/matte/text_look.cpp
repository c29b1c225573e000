#include "matte/text_look.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "frame/field.h"
#include "matte/glyphs.h"
#include "matte/text_paints.h"

namespace cleanplate {

namespace {

constexpr double most_inside = .95;  // of what is seen: colours are held against the rest
constexpr double with_text = .25;    // of the most paint that a frame has
constexpr double least_text = .004;  // share of the place
constexpr std::size_t least_frames = 4;
constexpr std::size_t enough_frames = 16;  // to tell colours by
constexpr double no_text = .05;            // of the most paint
constexpr double scene_too = .5;           // of a paint, that is there without text
constexpr double least_changing = .03;     // share of the text
constexpr int beyond = 4;         // luma samples from what is shaded to what it is compared with
constexpr double shade = 3;       // levels, that an outline or shadow makes
constexpr double errors = 2.5;    // standard errors of them
constexpr int smear = 2;          // luma samples that any glyph's edge is smeared over
constexpr double alike = 4;       // neighbours in space or time, that tell no more than one
constexpr int least_beside = 12;  // luma samples that a picture goes on beside a place
constexpr float step = 5;         // levels, that a bar's edge makes
constexpr double along = .8;      // of the text's width, that a bar's edge goes on
constexpr int pop = 24;           // levels from frame to frame
constexpr double pops_too = .01;  // share of samples, beside twice what pops round the place

using Set = std::vector<std::uint8_t>;
using Pictures = std::vector<LevelPicture>;

double count(const Set& set) {
  return static_cast<double>(std::count_if(set.begin(), set.end(), [](auto v) { return v != 0; }));
}

Pictures pictures_of(const CropStack& seen) {
  Pictures out;
  for (int t = 0; t < seen.frames(); ++t) {
    std::array<Box, 3> boxes{};
    std::array<const std::uint16_t*, 3> samples{};
    for (int c = 0; c < seen.format().components(); ++c) {
      boxes[static_cast<std::size_t>(c)] = seen.box(c);
      samples[static_cast<std::size_t>(c)] = seen.samples(c, t);
    }
    out.emplace_back(seen.format(), boxes, samples);
  }
  return out;
}

Set spread(const Set& text, int width, int reach) {
  Set out = distances(text, width, reach + 1);
  for (std::uint8_t& d : out) d = d <= reach;
  return out;
}

/// What some paints show in each frame.
struct Texts {
  std::vector<Set> samples;        ///< of paint, in the place
  std::vector<float> shares;       ///< of the place
  std::vector<std::size_t> there;  ///< frames with text
  double most = 0;                 ///< share

  Texts(const Pictures& seen, const Set& inside, const TextLook& look) {
    const double area = count(inside);
    for (const LevelPicture& p : seen) {
      Set& text = samples.emplace_back(painted_text(p, look));
      for (std::size_t i = 0; i < text.size(); ++i) text[i] &= inside[i];
      shares.push_back(static_cast<float>(count(text) / area));
    }
    most = double{quantile(shares, .9)};
    for (std::size_t t = 0; t < shares.size(); ++t)
      if (double{shares[t]} >= with_text * most) there.push_back(t);
  }
  /// Between what the scene has of the paints and what any text has.
  [[nodiscard]] double least() const {
    constexpr double few = .03;  // of what is usual: a short word has more
    constexpr double more = 1.5, less = .5;
    double scene = 0, text = most;
    std::vector<float> usual;
    for (std::size_t t = 0; t < shares.size(); ++t)
      if (std::binary_search(there.begin(), there.end(), t)) {
        usual.push_back(shares[t]);
        text = std::min(text, double{shares[t]});
      } else {
        scene = std::max(scene, double{shares[t]});
      }
    return std::max(few * double{quantile(std::move(usual), .5)},
                    std::min(more * scene, less * text));
  }
  [[nodiscard]] bool enough() const { return most >= least_text && there.size() >= least_frames; }
  /// The mean share where others show text, and where they show none; below 0: they always do.
  [[nodiscard]] std::pair<double, double> beside(const Texts& others) const {
    double in = 0, out = 0, n = 0;
    for (std::size_t t = 0; t < shares.size(); ++t)
      (double{others.shares[t]} < no_text * others.most ? (n += 1, out) : in) += double{shares[t]};
    const double with = static_cast<double>(shares.size()) - n;
    return {in / std::max(1., with), n > 0 ? out / n : -1};
  }
};

/// How much of a text is there in some of the frames only, but for its edges; then something else
/// must be seen there, not a little more or less of the same.
double changing(const Pictures& seen, const Texts& texts) {
  constexpr double some = .1;     // of the frames
  constexpr double another = 45;  // levels
  const std::size_t size = seen[0].size();
  const auto frames = static_cast<double>(texts.there.size());
  std::vector<double> on(size);
  std::array<std::vector<double>, 3> with, without;
  for (std::size_t c = 0; c < 3; ++c) with[c].resize(size), without[c].resize(size);
  for (const std::size_t t : texts.there)
    for (std::size_t i = 0; i < size; ++i) {
      on[i] += texts.samples[t][i];
      for (std::size_t c = 0; c < 3; ++c)
        (texts.samples[t][i] ? with : without)[c][i] += seen[t].planes[c][i];
    }
  const auto flips = [&](std::size_t i) {
    if (on[i] <= some * frames || on[i] >= (1 - some) * frames) return false;
    const auto apart = [&](std::size_t c) {
      return std::abs(with[c][i] / on[i] - without[c][i] / (frames - on[i]));
    };
    return apart(0) + .5 * (apart(1) + apart(2)) > another;
  };
  double all = 0, some_only = 0;
  for (const double n : on) all += n;
  const auto down = static_cast<std::size_t>(seen[0].width);
  for (std::size_t i = 0; i + down + 1 < size; ++i)
    if (flips(i) && flips(i + 1) && flips(i + down) && flips(i + down + 1)) some_only += on[i];
  return all > 0 ? some_only / all : 0;
}

/// How far samples at one distance from the text are off those farther out, one way.
struct Shade {
  double value = 0, square = 0, error = 0, frames = 0;
  void add(double sum, double squares, double n) {
    if (n < 2 * alike) return;
    const double mean = sum / n;
    value += mean, square += mean * mean, frames += 1;
    error += std::sqrt(std::max(0., squares / n - mean * mean) * alike / n);
  }
  [[nodiscard]] double mean() const { return value / frames; }
  [[nodiscard]] double mean_error() const {
    return std::hypot(std::sqrt(std::max(0., square / frames - mean() * mean()) * alike / frames),
                      error / frames);
  }
};

/// By distance, 0 left out, in one direction.
std::vector<Shade> shades(const Pictures& seen, const std::vector<std::size_t>& frames,
                          const std::vector<Set>& away, int most, int dx, int dy) {
  std::vector<Shade> out(static_cast<std::size_t>(most + 1));
  for (std::size_t n = 0; n < frames.size(); ++n) {
    const LevelPicture& picture = seen[frames[n]];
    const auto& luma = picture.planes[0];
    const int width = picture.width, height = picture.height;
    std::vector<double> sum(out.size()), square(out.size()), samples(out.size());
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        const auto at = [&](int k) {
          return static_cast<std::size_t>((y + k * dy) * width + x + k * dx);
        };
        const int k = away[n][at(0)];
        const auto holds = [&](int far) {
          const int u = x + far * dx, v = y + far * dy;
          return u >= 0 && v >= 0 && u < width && v < height;
        };
        if (k < 1 || k > most || !holds(-k) || !holds(beyond)) continue;
        if (away[n][at(-k)] != 0 || away[n][at(beyond)] != k + beyond) continue;
        const double off = luma[at(0)] - luma[at(beyond)];
        const auto d = static_cast<std::size_t>(k);
        sum[d] += off, square[d] += off * off, samples[d] += 1;
      }
    for (std::size_t d = 0; d < out.size(); ++d) out[d].add(sum[d], square[d], samples[d]);
  }
  return out;
}

/// How far outline and shadow reach, in the direction where they reach the farthest.
int reach_of(const Pictures& seen, const Texts& texts, int height, bool outlined) {
  const int most = std::clamp(height / 5, 4, 16);
  std::vector<Set> away;
  for (const std::size_t t : texts.there)
    away.push_back(distances(texts.samples[t], seen[0].width, most + beyond + 1));
  int reach = 0;
  constexpr std::array<std::array<int, 2>, 4> ways{{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}};
  for (const auto& [dx, dy] : ways) {
    const std::vector<Shade> by = shades(seen, texts.there, away, most, dx, dy);
    double scene = 1e9;  // what the scene itself does that way
    for (int k = most / 2 + 1; k <= most; ++k)
      if (const Shade& far = by[static_cast<std::size_t>(k)];
          far.frames > 0 && std::abs(far.mean()) < std::abs(scene))
        scene = far.mean();
    for (int k = 1; k < most && scene < 1e9; ++k) {
      const Shade& here = by[static_cast<std::size_t>(k)];
      if (here.frames == 0) break;
      if (std::abs(here.mean() - scene) > std::max(shade, errors * here.mean_error()))
        reach = std::max(reach, k);
      else if (k > smear)
        break;
    }
  }
  if (reach > smear) return reach + 2;  // a shadow fades out
  return outlined ? smear : smear + 1;
}

/// Whether what the text does not cover comes and goes more than what is round the place.
bool something_is_left(const Pictures& seen, const Texts& texts, int reach, const Set& inside) {
  double in = 0, in_pops = 0, out = 0, out_pops = 0;
  Set last;
  for (std::size_t t = 0; t < seen.size(); ++t) {
    Set hidden = spread(texts.samples[t], seen[t].width, reach);
    for (std::size_t i = 0; t > 0 && i < inside.size(); ++i) {
      const bool pops = std::abs(seen[t].planes[0][i] - seen[t - 1].planes[0][i]) > pop;
      if (!inside[i])
        out += 1, out_pops += pops;
      else if (!hidden[i] && !last[i])
        in += 1, in_pops += pops;
    }
    last = std::move(hidden);
  }
  return in_pops > (2 * out_pops / std::max(1., out) + pops_too) * in;
}

/// Whether what is seen between the glyphs is far more even than what is round the place.
bool on_a_plain(const Pictures& seen, const Texts& texts, int reach, const Set& inside) {
  constexpr std::size_t apart = 3;  // frames; samples
  constexpr int beside = 3;         // luma samples, that a bar is larger by than its text
  constexpr float even = .35f, rough = 6;
  std::vector<float> between, around;
  for (std::size_t n = 0; n < texts.there.size(); n += apart) {
    const std::size_t t = texts.there[n];
    const Set hidden = spread(texts.samples[t], seen[t].width, reach),
              near = spread(texts.samples[t], seen[t].width, reach + beside);
    for (std::size_t i = n % apart; i < inside.size(); i += apart)
      if (!inside[i] || (near[i] && !hidden[i]))
        (inside[i] ? between : around).push_back(seen[t].planes[0][i]);
  }
  const float scene = usual_spread(std::move(around));
  return scene > rough && usual_spread(std::move(between)) < even * scene;
}

/// Whether a bar lies behind the text: straight edges above and below it, along most of it.
/// @param at_top, at_bottom  the picture ends there, and a bar may go on to its edge.
bool on_a_bar(const Pictures& seen, const Texts& texts, bool at_top, bool at_bottom) {
  constexpr int rim = 2;  // of a glyph; a bar may end close beside it
  const int width = seen[0].width, height = seen[0].height;
  std::vector<double> sum(seen[0].size()), n(seen[0].size());
  int left = width, right = 0, top = height, bottom = 0;
  for (const std::size_t t : texts.there) {
    const Set& text = texts.samples[t];
    const Set hidden = spread(text, width, rim);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        const auto i = static_cast<std::size_t>(y * width + x);
        if (!hidden[i]) sum[i] += seen[t].planes[0][i], n[i] += 1;
        if (!text[i]) continue;
        left = std::min(left, x), right = std::max(right, x + 1);
        top = std::min(top, y), bottom = std::max(bottom, y + 1);
      }
  }
  const auto edge = [&](int y) {  // from above to below; 0: none
    std::vector<float> off;
    for (int x = left; x < right; ++x) {
      const auto above = static_cast<std::size_t>((y - 2) * width + x),
                 below = static_cast<std::size_t>((y + 1) * width + x);
      if (n[above] > 0 && n[below] > 0)
        off.push_back(static_cast<float>(sum[below] / n[below] - sum[above] / n[above]));
    }
    if (2 * static_cast<int>(off.size()) < right - left) return 0.f;
    const float low = quantile(off, 1 - along), high = quantile(off, along);
    return low > step ? low : high < -step ? high : 0.f;
  };
  bool up[2] = {false, false}, down[2] = {false, false};  // above the text's middle, and below it
  for (int y = 2; y + 1 < height; ++y) {
    const float e = edge(y);
    const int side = 2 * y > top + bottom;
    up[side] = up[side] || e > 0, down[side] = down[side] || e < 0;
  }
  // A line of the scene goes up and down.
  const auto edge_of = [](bool yes, bool other) { return yes && !other; };
  const bool ends[2] = {at_top, at_bottom};
  const auto edges = [&](const bool* above, const bool* below) {
    const bool first = edge_of(above[0], below[0]), last = edge_of(below[1], above[1]);
    return (first && last) || (first && ends[1]) || (last && ends[0]);
  };
  return edges(up, down) || edges(down, up);
}

}  // namespace

std::shared_ptr<const TextLook> text_look(const CropStack& seen, const Box& place) {
  if (seen.frames() == 0) return nullptr;
  const Pictures all = pictures_of(seen);
  const Box& box = seen.box(0);
  Set inside;
  for (int y = 0; y < box.height; ++y)
    for (int x = 0; x < box.width; ++x) inside.push_back(place.contains(box.x + x, box.y + y));
  if (count(inside) == 0 || count(inside) > most_inside * static_cast<double>(inside.size()))
    return nullptr;
  // The stack goes as far beyond the place as the picture does.
  const auto ends_at = [](int from, int to) { return to - from < least_beside; };
  const auto look = std::make_shared<TextLook>();
  std::optional<Texts> first;
  Pictures few;
  const std::size_t apart = (all.size() + enough_frames - 1) / enough_frames;
  for (std::size_t t = 0; t < all.size(); t += apart) few.push_back(all[t]);
  for (const TextPaint& paint : text_paints(few, inside, place.height)) {
    Texts texts(all, inside, {{paint}});
    if (!texts.enough() || changing(all, texts) < least_changing) continue;
    if (first) {  // the scene's own is there without text as well
      const auto [with, without] = texts.beside(*first);
      if (without > scene_too * with) continue;
    } else {
      first.emplace(std::move(texts));
    }
    look->paints.push_back(paint);
  }
  if (!first) return nullptr;
  pair_up(look->paints, few, inside);
  const Texts texts(all, inside, *look);
  if (!texts.enough() ||
      on_a_bar(all, texts, ends_at(box.y, place.y), ends_at(place.bottom(), box.bottom())))
    return nullptr;
  const bool outlined = std::any_of(look->paints.begin(), look->paints.end(),
                                    [](const TextPaint& p) { return p.with >= 0; });
  look->reach = reach_of(all, texts, place.height, outlined);
  if (on_a_plain(all, texts, look->reach, inside) ||
      something_is_left(all, texts, look->reach, inside))
    return nullptr;
  look->least = texts.least();
  return look;
}

}  // namespace cleanplate
