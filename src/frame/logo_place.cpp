#include "frame/logo_place.h"

#include <algorithm>
#include <cmath>

#include "core/try.h"
#include "frame/colour_codes.h"
#include "frame/field.h"
#include "frame/read_samples.h"

namespace cleanplate {

namespace {

constexpr float nothing = 1e-4f;     // an opacity below does not change a sample of 12 bits
constexpr float kept_alpha = .002f;  // a master is cut to where it is above

/// What one sample of the clip takes from the master's row or column.
struct Taps {
  int first = 0;
  std::vector<float> weights;
};

double kernel(Scaling scaling, double d) {  // d in footprints
  d = std::abs(d);
  if (scaling == Scaling::cubic)  // Keys 1981, a = -1/2
    return d < 1 ? (1.5 * d - 2.5) * d * d + 1 : d < 2 ? ((-.5 * d + 2.5) * d - 4) * d + 2 : 0;
  return std::max(0., 1 - d);
}

/// @param start  the clip's place of the master's edge. @param from  the clip's first sample.
std::vector<Taps> taps_of(int master, double start, double scale, int from, int count,
                          Scaling scaling) {
  const double foot = std::max(1., 1 / scale);  // master samples
  const bool area = scaling == Scaling::area && scale < 1;
  const double reach = area ? foot / 2 + 1 : foot * (scaling == Scaling::cubic ? 2 : 1);
  std::vector<Taps> out(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    Taps& taps = out[static_cast<std::size_t>(i)];
    const double at = (from + i + .5 - start) / scale;
    const int low = static_cast<int>(std::floor(at - reach)),
              high = static_cast<int>(std::ceil(at + reach));
    taps.first = std::clamp(low, 0, master);
    double sum = 0;
    for (int k = low; k <= high; ++k) {
      const double w =
          area ? std::max(0., std::min(k + 1., at + foot / 2) - std::max<double>(k, at - foot / 2))
               : kernel(scaling, (k + .5 - at) / foot);
      sum += w;  // outside the master all is clear
      if (k >= 0 && k < master) taps.weights.push_back(static_cast<float>(w));
    }
    for (float& w : taps.weights) w = static_cast<float>(static_cast<double>(w) / sum);
  }
  return out;
}

Field resampled(const Field& from, const std::vector<Taps>& columns,
                const std::vector<Taps>& rows) {
  const int width = static_cast<int>(columns.size()), height = static_cast<int>(rows.size());
  Field across(width, from.height), out(width, height);
  for (int y = 0; y < from.height; ++y)
    for (int x = 0; x < width; ++x) {
      const Taps& t = columns[static_cast<std::size_t>(x)];
      float sum = 0;
      for (std::size_t k = 0; k < t.weights.size(); ++k)
        sum += t.weights[k] * from.at(t.first + static_cast<int>(k), y);
      across.at(x, y) = sum;
    }
  for (int y = 0; y < height; ++y) {
    const Taps& t = rows[static_cast<std::size_t>(y)];
    for (std::size_t k = 0; k < t.weights.size(); ++k)
      for (int x = 0; x < width; ++x)
        out.at(x, y) += t.weights[k] * across.at(x, t.first + static_cast<int>(k));
  }
  return out;
}

/// To the chroma grid, the chroma sample lying on the left of its two luma columns.
Field reduced_left(const Field& field, int shift_x, int shift_y) {
  if (!shift_x) return reduced(field, 0, shift_y);
  const Field rows = reduced(field, 0, shift_y);
  Field out((rows.width + 1) / 2, rows.height);
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x)
      out.at(x, y) = .25f * (rows.clamped(2 * x - 1, y) + 2 * rows.clamped(2 * x, y) +
                             rows.clamped(2 * x + 1, y));
  return out;
}

/// Opacity and αW of one component, on the master's grid; W as values, not code values.
std::array<Field, 2> layers_of(const Logo& logo, int component, const VideoInfo& video) {
  const bool gbr = planes_are_gbr(video.format, video.colour);
  const LumaWeights weights = luma_weights(video.colour.matrix, video.size.height);
  const auto c = static_cast<std::size_t>(component);
  Field alpha(logo.size.width, logo.size.height), premultiplied = alpha;
  for (std::size_t i = 0; i < alpha.size(); ++i) {
    double w = static_cast<double>(logo.colour[c][i]);
    if (logo.rgb && gbr) {
      w = static_cast<double>(logo.colour[(c + 1) % 3][i]);  // the planes are G, B, R
    } else if (logo.rgb) {
      w = ycbcr_of({static_cast<double>(logo.colour[0][i]), static_cast<double>(logo.colour[1][i]),
                    static_cast<double>(logo.colour[2][i])},
                   weights)[c];
    }
    alpha.values[i] = logo.alpha[c][i];
    premultiplied.values[i] = logo.alpha[c][i] * static_cast<float>(w);
  }
  return {std::move(alpha), std::move(premultiplied)};
}

}  // namespace

Box footprint(const Logo& logo, const LogoPlace& place) {
  const int x = static_cast<int>(std::floor(place.x)), y = static_cast<int>(std::floor(place.y));
  return {x, y, static_cast<int>(std::ceil(place.x + place.scale_x * logo.size.width)) - x,
          static_cast<int>(std::ceil(place.y + place.scale_y * logo.size.height)) - y};
}

Result<OverlayModel> place_logo(const Logo& logo, const LogoPlace& place, const VideoInfo& video,
                                int margin) {
  return guarded("matte", [&]() -> Result<OverlayModel> {
    const auto fits = [](double v) { return v > 1e-3 && v < 1e3; };
    if (!fits(place.scale_x) || !fits(place.scale_y) || std::abs(place.x) > 1e6 ||
        std::abs(place.y) > 1e6)
      return Error{Code::invalid_argument, "matte", "A master's scale must be .001 to 1000."};
    const Box lies = footprint(logo, place);
    if (lies.intersect({0, 0, video.size.width, video.size.height}).empty())
      return Error{Code::invalid_argument, "matte", "Nothing of the master is inside the picture."};
    const Box box = aligned_box(lies.grown(margin), video.format, video.size);
    const auto columns =
        taps_of(logo.size.width, place.x, place.scale_x, box.x, box.width, place.scaling);
    const auto rows =
        taps_of(logo.size.height, place.y, place.scale_y, box.y, box.height, place.scaling);
    const bool gbr = planes_are_gbr(video.format, video.colour);
    OverlayModel model;
    model.bits = video.format.bits;
    model.confidence = 1;
    model.alpha_error = .01;
    for (int c = 0; c < video.format.components(); ++c) {
      const auto [alpha, premultiplied] = layers_of(logo, c, video);
      const int sx = c ? video.format.chroma_shift_x() : 0,
                sy = c ? video.format.chroma_shift_y() : 0;
      const auto lay = [&](const Field& map) {
        const Field at_luma = resampled(map, columns, rows);
        return place.chroma_left ? reduced_left(at_luma, sx, sy) : reduced(at_luma, sx, sy);
      };
      const Field a = lay(alpha), aw = lay(premultiplied);
      const CodeScale scale = code_scale(gbr ? 0 : c, video.format.bits, video.colour.range == 2);
      Matte& matte = model.mattes[static_cast<std::size_t>(c)];
      matte.box = component_box(box, video.format, c, video.size);
      for (int y = 0; y < matte.box.height; ++y)
        for (int x = 0; x < matte.box.width; ++x) {
          const float full = std::clamp(a.clamped(x, y), 0.f, 1.f);
          const bool any = full > nothing;
          const float w = any ? aw.clamped(x, y) / full : 0;
          matte.alpha.push_back(any ? std::clamp(full * static_cast<float>(place.gain), 0.f, 1.f)
                                    : 0.f);
          matte.colour.push_back(
              static_cast<float>(scale.zero + scale.span * static_cast<double>(w)));
          matte.trust.push_back(any && matte.alpha.back() < .97f ? 1.f : 0.f);
        }
    }
    std::vector<float> inside;
    for (const float a : model.mattes[0].alpha)
      if (a > 0) inside.push_back(a);
    model.alpha_peak = static_cast<double>(quantile(inside, .98));
    return model;
  });
}

Result<Logo> logo_of(const OverlayModel& model, const VideoInfo& video) {
  return guarded("matte", [&]() -> Result<Logo> {
    const Matte& luma = model.mattes[0];
    Box box;
    for (int y = 0; y < luma.box.height; ++y)
      for (int x = 0; x < luma.box.width; ++x)
        if (luma.alpha[static_cast<std::size_t>(y * luma.box.width + x)] > kept_alpha)
          box = box.unite({luma.box.x + x, luma.box.y + y, 1, 1});
    if (box.empty())
      return Error{Code::invalid_argument, "matte",
                   "The overlay has no opacity that could be kept."};
    const int right = box.right(), bottom = box.bottom();
    box.x &= ~1, box.y &= ~1;  // chroma keeps its place
    box.width = std::min((right + 1) & ~1, luma.box.right()) - box.x;
    box.height = std::min((bottom + 1) & ~1, luma.box.bottom()) - box.y;
    Logo logo;
    logo.size = {box.width, box.height};
    logo.placed = true;
    logo.x = box.x, logo.y = box.y;
    logo.matrix = video.colour.matrix != 2 ? video.colour.matrix : video.size.height > 576 ? 1 : 6;
    for (int c = 0; c < 3; ++c) {
      const Matte& matte = model.mattes[static_cast<std::size_t>(c)];
      const int sx = c ? video.format.chroma_shift_x() : 0,
                sy = c ? video.format.chroma_shift_y() : 0;
      const CodeScale scale = code_scale(c, model.bits, video.colour.range == 2);
      for (int y = box.y; y < box.bottom(); ++y)
        for (int x = box.x; x < box.right(); ++x) {
          const int mx = (x >> sx) - matte.box.x, my = (y >> sy) - matte.box.y;
          const bool in = mx >= 0 && my >= 0 && mx < matte.box.width && my < matte.box.height &&
                          !matte.alpha.empty();
          const auto i = in ? static_cast<std::size_t>(my * matte.box.width + mx) : 0;
          const float a = in ? matte.alpha[i] : 0.f;
          logo.alpha[static_cast<std::size_t>(c)].push_back(a);
          logo.colour[static_cast<std::size_t>(c)].push_back(
              a > 0 ? static_cast<float>((static_cast<double>(matte.colour[i]) - scale.zero) /
                                         scale.span)
                    : 0.f);
        }
    }
    return logo;
  });
}

}  // namespace cleanplate
