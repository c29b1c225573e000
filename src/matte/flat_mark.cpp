#include "matte/flat_mark.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "matte/seen_through.h"

namespace cleanplate {

namespace {

constexpr float alike = 5;          // 8-bit levels that even samples of a paint differ by…
constexpr float much_alike = 1.5f;  // …times that, all of its samples
constexpr float dims = .5f;         // of the scene's change, that a mark's edge shows at most
constexpr float unsteady = 3;       // rms change in time, 8-bit levels, that no paint has
constexpr std::size_t most_paints = 8;
constexpr double least_paint = .01;   // share of the outline
constexpr double rare = .1;           // how common a paint may be outside, against inside
constexpr double least_painted = .3;  // share of the outline, that its paints make up
constexpr double most_left = .4;      // and the share that is neither theirs nor beside them
constexpr int rim = 2;                // luma samples round a paint that its edge is smeared over
constexpr double undimmed = .75;      // share of the detail that a scene not covered shows
constexpr int gap = 4, ring = 16;     // luma samples round the mark where the scene is looked at
constexpr double through = .1;        // how even an opaque paint is, against that scene
constexpr int bins = 32;              // of a colour's component, for what else has it
constexpr int near = 12;              // luma samples, for what has it near by…
constexpr float same = 4;             // …to so many 8-bit levels
constexpr int strangers = 3;          // samples outside, fewer of which make a colour foreign

using Colour = std::array<float, 3>;

/// The place in the mean of its frames, 8-bit levels, on the luma grid.
struct MeanPicture {
  int width, height;
  std::vector<Colour> colour;
  Field change;  // rms in time, luma

  explicit MeanPicture(const CropStack& seen)
      : width(seen.box(0).width),
        height(seen.box(0).height),
        colour(static_cast<std::size_t>(seen.box(0).area())),
        change(width, height) {
    const float unit = std::ldexp(1.f, 8 - seen.format().bits);
    const std::vector<Field> mean = seen.mean_picture();
    for (std::size_t c = 0; c < mean.size(); ++c)
      for (std::size_t i = 0; i < colour.size(); ++i) colour[i][c] = mean[c].values[i];
    for (int t = 0; t < seen.frames(); ++t) {
      const Field luma = seen.field(0, t);
      for (std::size_t i = 0; i < colour.size(); ++i) {
        const float off = unit * luma.values[i] - colour[i][0];
        change.values[i] += off * off / static_cast<float>(seen.frames());
      }
    }
    for (float& v : change.values) v = std::sqrt(v);
  }
};

float distance2(const Colour& a, const Colour& b) {
  float sum = 0;
  for (std::size_t c = 0; c < 3; ++c) sum += (a[c] - b[c]) * (a[c] - b[c]);
  return sum;
}

/// Samples of the mark whose neighbours look the same.
std::vector<std::size_t> even_samples(const MeanPicture& picture, const Field& mark) {
  std::vector<std::size_t> even;
  for (int y = 1; y + 1 < picture.height; ++y)
    for (int x = 1; x + 1 < picture.width; ++x) {
      const std::size_t i = mark.index(x, y);
      if (mark.values[i] <= 0) continue;
      float worst = 0;
      for (const std::size_t other : {i - 1, i + 1, mark.index(x, y - 1), mark.index(x, y + 1)})
        worst = std::max(worst, distance2(picture.colour[i], picture.colour[other]));
      if (worst < alike * alike) even.push_back(i);
    }
  return even;
}

/// The colour that most of some samples have.
Colour densest(const MeanPicture& picture, const std::vector<std::size_t>& samples) {
  const std::size_t stride = std::max<std::size_t>(1, samples.size() / 400);
  std::size_t most = 0;
  Colour best{};
  for (std::size_t s = 0; s < samples.size(); s += stride) {
    const Colour& middle = picture.colour[samples[s]];
    std::size_t count = 0;
    for (std::size_t k = 0; k < samples.size(); k += stride)
      count += distance2(middle, picture.colour[samples[k]]) < alike * alike;
    if (count > most) most = count, best = middle;
  }
  Colour sum{};
  float count = 0;
  for (const std::size_t i : samples)
    if (distance2(best, picture.colour[i]) < alike * alike) {
      for (std::size_t c = 0; c < 3; ++c) sum[c] += picture.colour[i][c];
      count += 1;
    }
  for (float& v : sum) v /= count;
  return sum;
}

bool has_colour(const MeanPicture& picture, std::size_t i, const Colour& colour) {
  constexpr float most = alike * much_alike;
  return distance2(picture.colour[i], colour) < most * most;
}

struct Painted {
  Field where;        // >0 where the mark has one of its paints
  double spread = 0;  // of the most uneven paint, 8-bit levels
};
Painted painted(const MeanPicture& picture, const Field& mark) {
  Painted out{Field(mark.width, mark.height), 0};
  const auto inside = static_cast<double>(
      std::count_if(mark.values.begin(), mark.values.end(), [](float v) { return v > 0; }));
  const double outside = static_cast<double>(mark.size()) - inside;
  const double least = std::max(12., least_paint * inside);
  std::vector<std::size_t> left = even_samples(picture, mark);
  for (std::size_t k = 0; k<most_paints&& static_cast<double>(left.size())> least; ++k) {
    const Colour colour = densest(picture, left);
    double in = 0, beside = 0, core = 0, change = 0;
    for (std::size_t i = 0; i < mark.size(); ++i)
      if (has_colour(picture, i, colour)) (mark.values[i] > 0 ? in : beside) += 1;
    for (const std::size_t i : left)
      if (has_colour(picture, i, colour))
        core += 1, change += static_cast<double>(picture.change.values[i]);
    if (core < least) break;
    std::erase_if(left, [&](std::size_t i) { return has_colour(picture, i, colour); });
    if (beside * inside > rare * in * outside || change > unsteady * core) continue;
    std::vector<float> luma;
    for (std::size_t i = 0; i < mark.size(); ++i)
      if (mark.values[i] > 0 && has_colour(picture, i, colour))
        out.where.values[i] = 1, luma.push_back(picture.colour[i][0]);
    out.spread = std::max(out.spread, double{usual_spread(std::move(luma))});
  }
  return out;
}

/// What surrounds a mark closely.
struct Ring {
  double spread = 0;  // of the luma, 8-bit levels
  float change = 0;   // what a sample usually changes by in time

  Ring(const MeanPicture& picture, const Field& mark) {
    const Field inner = dilated(mark, gap), outer = dilated(mark, ring);
    std::vector<float> luma, changes;
    for (std::size_t i = 0; i < mark.size(); ++i)
      if (outer.values[i] > 0 && inner.values[i] <= 0)
        luma.push_back(picture.colour[i][0]), changes.push_back(picture.change.values[i]);
    if (luma.empty()) return;
    spread = double{usual_spread(std::move(luma))};
    change = quantile(std::move(changes), .5);
  }
};

/// Whether what is round paints is seen to change, and so are they, if less: a scene's mean may be
/// as even as a paint.
bool changes_with(const Ring& round, const MeanPicture& picture, const Field& paints) {
  constexpr float moves = 1;       // 8-bit levels
  constexpr float shining = .35f;  // share that no paint shows of it
  std::vector<float> changes;
  for (std::size_t i = 0; i < paints.size(); ++i)
    if (paints.values[i] > 0) changes.push_back(picture.change.values[i]);
  return round.change > moves && !changes.empty() &&
         quantile(std::move(changes), .5) > shining * round.change;
}

/// The colours outside a mark, all of them and those near a place.
class Surroundings {
 public:
  Surroundings(const MeanPicture& picture, const Field& mark)
      : picture_(picture), count_(std::size_t{bins} * bins * bins) {
    std::vector<float> changes;
    for (std::size_t i = 0; i < mark.size(); ++i)
      if (mark.values[i] <= 0) {
        ++count_[place(bin(picture.colour[i]))];
        changes.push_back(picture.change.values[i]);
      }
    change_ = quantile(std::move(changes), .5);
    for (std::size_t c = 0; c < 3; ++c) {
      Field most(mark.width, mark.height, -beyond), least(mark.width, mark.height, beyond);
      for (std::size_t i = 0; i < mark.size(); ++i)
        if (mark.values[i] <= 0) most.values[i] = least.values[i] = picture.colour[i][c];
      most_[c] = dilated(most, near), least_[c] = eroded(least, near);
    }
  }
  /// What a sample outside usually changes by in time.
  [[nodiscard]] float change() const { return change_; }
  /// Hardly anything outside has the sample's colour, or nothing near has it.
  [[nodiscard]] bool foreign(std::size_t i) const {
    const Colour& colour = picture_.colour[i];
    for (std::size_t c = 0; c < 3 && most_[0].values[i] > -beyond; ++c)
      if (colour[c] > most_[c].values[i] + same || colour[c] < least_[c].values[i] - same)
        return true;
    const auto middle = bin(colour);
    int count = 0;
    for (int k = 0; k < 27; ++k) {
      const std::array<int, 3> beside{middle[0] + k % 3 - 1, middle[1] + k / 3 % 3 - 1,
                                      middle[2] + k / 9 - 1};
      if (std::all_of(beside.begin(), beside.end(), [](int b) { return b >= 0 && b < bins; }))
        count += count_[place(beside)];
    }
    return count < strangers;
  }

 private:
  static constexpr float beyond = 1e6F;
  static std::array<int, 3> bin(const Colour& colour) {
    std::array<int, 3> out{};
    for (std::size_t c = 0; c < 3; ++c)
      out[c] = std::clamp(static_cast<int>(colour[c]) * bins / 256, 0, bins - 1);
    return out;
  }
  static std::size_t place(const std::array<int, 3>& b) {
    return static_cast<std::size_t>((b[0] * bins + b[1]) * bins + b[2]);
  }
  const MeanPicture& picture_;
  std::vector<int> count_;
  float change_ = 0;
  std::array<Field, 3> most_, least_;
};

/// What hangs together with `seeds`, through samples of `way`.
void grow(Field& seeds, const Field& way) {
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < seeds.size(); ++i)
    if (seeds.values[i] > 0) front.push_back(i);
  while (!front.empty()) {
    const int x = static_cast<int>(front.back()) % seeds.width,
              y = static_cast<int>(front.back()) / seeds.width;
    front.pop_back();
    for (int v = std::max(0, y - 1); v <= std::min(seeds.height - 1, y + 1); ++v)
      for (int u = std::max(0, x - 1); u <= std::min(seeds.width - 1, x + 1); ++u)
        if (const std::size_t i = seeds.index(u, v); way.values[i] > 0 && seeds.values[i] <= 0)
          seeds.values[i] = 1, front.push_back(i);
  }
}

}  // namespace

FlatMark flat_mark(const Mask& outline, const CropStack& seen, const Field& sure) {
  if (seen.frames() == 0) return {};
  const Box& box = seen.box(0);
  Field mark(box.width, box.height);
  for (std::size_t i = 0; i < mark.size(); ++i) mark.values[i] = outline.values[i] > 0 ? 1.f : 0.f;
  const auto size = [](const Field& f) {
    return static_cast<double>(
        std::count_if(f.values.begin(), f.values.end(), [](float v) { return v > 0; }));
  };
  const MeanPicture picture(seen);
  const auto [paints, spread] = painted(picture, mark);
  Field kept = dilated(paints, rim), rest = mark;
  for (std::size_t i = 0; i < mark.size(); ++i) (kept.values[i] > 0 ? rest : kept).values[i] = 0;
  if (size(paints) < least_painted * size(mark) && size(rest) > most_left * size(mark)) return {};
  const auto detail = detail_seen_through(seen, rest, mark);
  if (detail && *detail < undimmed) return {};
  // Other colours that the scene has not: smaller parts of the mark, and its edges. What changes as
  // the scene does is the scene's, whatever its colour.
  const Surroundings surroundings(picture, mark);
  const float steady = std::max(unsteady, dims * surroundings.change());
  Field foreign(box.width, box.height);
  for (std::size_t i = 0; i < mark.size(); ++i)
    if (mark.values[i] > 0 &&
        (picture.change.values[i] < steady || (!sure.empty() && sure.values[i] > 0)) &&
        surroundings.foreign(i))
      foreign.values[i] = 1;
  const Field spots = dilated(eroded(foreign, 1), 1 + rim);
  for (std::size_t i = 0; i < kept.size(); ++i)
    kept.values[i] = std::max(kept.values[i], spots.values[i]);
  grow(kept, foreign);
  const Ring round(picture, kept);
  FlatMark out{std::make_shared<Mask>(outline),
               spread < through * round.spread && !changes_with(round, picture, paints)};
  for (std::size_t i = 0; i < kept.size(); ++i)
    if (kept.values[i] <= 0) out.outline->values[i] = 0;
  return out;
}

}  // namespace cleanplate
