#include "inpaint/fill.h"

#include <algorithm>
#include <optional>
#include <string>

#include "core/try.h"
#include "inpaint/bars.h"
#include "inpaint/diffuse.h"
#include "inpaint/grain.h"

namespace cleanplate {

namespace {
constexpr int context = 24;   ///< samples round the hole that the fill looks at
constexpr int grain_gap = 2;  ///< samples between the hole and where grain is measured

Error misfit(const std::string& what) {
  return Error{Code::invalid_argument, "inpaint",
               "The fill was given " + what + "; crop and masks must be of one frame's grid."};
}

/// One component: the part of its crop that matters, and the solver for it.
struct Plane {
  int width = 0, height = 0;  ///< of the crop
  int x0 = 0, y0 = 0, w = 0, h = 0;
  std::optional<Diffuser> diffuser;
  std::vector<float> picture;
  std::vector<int> holes;  ///< places in `picture`
  std::vector<int> quiet;  ///< where grain is measured
};

Result<Plane> lay(const HoleMask& mask, int component, float scale, const FillOptions& options) {
  Plane p;
  p.width = mask.width;
  p.height = mask.height;
  const auto inside = [&](int x, int y) {
    return mask.values[static_cast<std::size_t>(y * mask.width + x)] != 0;
  };
  int l = mask.width, t = mask.height, r = -1, b = -1;
  for (int y = 0; y < mask.height; ++y)
    for (int x = 0; x < mask.width; ++x)
      if (inside(x, y)) l = std::min(l, x), r = std::max(r, x), t = std::min(t, y), b = y;
  if (r < 0) return p;
  p.x0 = std::max(0, l - context);
  p.y0 = std::max(0, t - context);
  p.w = std::min(mask.width, r + 1 + context) - p.x0;
  p.h = std::min(mask.height, b + 1 + context) - p.y0;
  std::vector<std::uint8_t> hole(static_cast<std::size_t>(p.w * p.h));
  for (int y = 0; y < p.h; ++y)
    for (int x = 0; x < p.w; ++x)
      if (inside(p.x0 + x, p.y0 + y)) {
        hole[static_cast<std::size_t>(y * p.w + x)] = 1;
        p.holes.push_back(y * p.w + x);
      }
  DiffuseOptions diffuse;
  diffuse.ring = options.ring;
  p.diffuser.emplace(p.w, p.h, hole, scale, diffuse);
  if (!p.diffuser->usable())
    return Error{Code::invalid_argument, "inpaint",
                 "The mask covers all of component " + std::to_string(component) +
                     "'s crop, so there is nothing to fill it from; give more context."};
  p.picture.resize(hole.size());
  const int far = grain_gap + 1;
  for (int y = far; y < p.h - far; ++y)
    for (int x = far; x < p.w - far; ++x) {
      bool clear = true;
      for (int v = -far; v <= far && clear; ++v)
        for (int u = -far; u <= far && clear; ++u)
          clear = !hole[static_cast<std::size_t>((y + v) * p.w + x + u)];
      if (clear) p.quiet.push_back(y * p.w + x);
    }
  return p;
}
}  // namespace

struct Filler::State {
  FillOptions options;
  PixelFormat format;
  HoleMasks holes;
  std::array<Plane, 3> planes;
  /// For crops in which bars reach into the hole: the fill of what lies inside them.
  std::optional<Filler> within;
  Bars bars;
  BarLines bar_lines;

  Result<bool> fill_within(const Bars& found, Crop& crop, std::int64_t frame);
  void fill(Plane& p, CropPlane& crop, std::uint64_t key) const {
    for (int y = 0; y < p.h; ++y)
      for (int x = 0; x < p.w; ++x)
        p.picture[static_cast<std::size_t>(y * p.w + x)] = static_cast<float>(
            crop.samples[static_cast<std::size_t>((p.y0 + y) * p.width + p.x0 + x)]);
    p.diffuser->run(p.picture);
    const float grain =
        options.grain > 0 ? options.grain * grain_strength(p.picture, p.w, p.quiet) : 0;
    const auto top = static_cast<float>(format.max_value());
    for (const int place : p.holes) {
      const int x = place % p.w + p.x0, y = place / p.w + p.y0;
      float value = p.picture[static_cast<std::size_t>(place)];
      if (grain > 0) value += grain * grain_at(x, y, key);
      crop.samples[static_cast<std::size_t>(y * p.width + x)] =
          static_cast<std::uint16_t>(std::clamp(value + .5F, 0.F, top));
    }
  }
};

Result<Filler> Filler::create(const FillOptions& options, PixelFormat format,
                              const HoleMasks& holes) {
  return guarded("inpaint", [&]() -> Result<Filler> {
    if (format.bits < 8 || format.bits > 16)
      return misfit("samples of " + std::to_string(format.bits) + " bits");
    if (!(options.grain >= 0 && options.grain <= 1) || options.ring < 0 || options.ring > 4)
      return Error{Code::invalid_argument, "inpaint",
                   "The fill's grain is 0 to 1 and its ring 0 to 4 samples."};
    auto state = std::make_unique<State>();
    state->options = options;
    state->format = format;
    state->holes = holes;
    const float scale = static_cast<float>(1 << (format.bits - 8));
    for (int c = 0; c < format.components(); ++c) {
      const auto& mask = holes[static_cast<std::size_t>(c)];
      if (mask.width < 1 || mask.height < 1 ||
          mask.values.size() !=
              static_cast<std::size_t>(mask.width) * static_cast<std::size_t>(mask.height))
        return misfit("no proper mask for component " + std::to_string(c));
      CP_TRY(state->planes[static_cast<std::size_t>(c)], lay(mask, c, scale, options));
    }
    return Filler(std::move(state));
  });
}

Filler::Filler(std::unique_ptr<State> state) : state_(std::move(state)) {}
Filler::Filler(Filler&&) noexcept = default;
Filler& Filler::operator=(Filler&&) noexcept = default;
Filler::~Filler() = default;

/// The bars' edge is no scene's, and nothing goes on across it.
Result<bool> Filler::State::fill_within(const Bars& found, Crop& crop, std::int64_t frame) {
  if (!within || found.sides != bars.sides) {
    auto made = Filler::create(options, format, inside(found, holes));
    if (!made) return false;  // nothing is known inside
    within = *std::move(made);
  }
  bars = found;
  Crop part = inside(bars, crop);
  CP_CHECK(within->fill(part, frame));
  lay_inside(bars, part, crop);
  draw(bars, holes, crop, bar_lines);
  return true;
}

Result<void> Filler::fill(Crop& crop, std::int64_t frame) {
  return guarded("inpaint", [&]() -> Result<void> {
    State& s = *state_;
    const auto count = static_cast<std::size_t>(s.format.components());
    for (std::size_t c = 0; c < count; ++c) {
      const Plane& p = s.planes[c];
      const CropPlane& seen = crop.planes[c];
      if (seen.width != p.width || seen.height != p.height ||
          seen.samples.size() !=
              static_cast<std::size_t>(p.width) * static_cast<std::size_t>(p.height))
        return misfit("a crop of another size than its masks");
    }
    if (const Bars bars = bars_of(crop, s.holes, s.format, s.bar_lines); bars.any()) {
      CP_TRY(const bool done, s.fill_within(bars, crop, frame));
      if (done) return {};
    }
    for (std::size_t c = 0; c < count; ++c)
      if (s.planes[c].diffuser)
        s.fill(s.planes[c], crop.planes[c],
               (static_cast<std::uint64_t>(frame) * 3 + c) * 0xd1342543de82ef95U);
    return {};
  });
}

}  // namespace cleanplate
