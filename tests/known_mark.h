/// @file
/// A made scene with a known mark on it: PNG master, place, strength in each frame.
#pragma once
#include <cleanplate/frame.h>
#include <cleanplate/logo.h>
#include <cleanplate/media_info.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "core/random.h"
#include "frame/png.h"

namespace known_mark {

using namespace cleanplate;

constexpr Size picture{320, 180};
constexpr PixelFormat format{Layout::yuv420, 8};

inline VideoInfo video() {
  VideoInfo v;
  v.size = picture;
  v.format = format;
  v.time_base = {1, 25};
  v.frame_rate = {25, 1};
  return v;
}

/// A ring, a bar and a dot, soft at the edges, on 120x80; red parts where `coloured`.
inline Picture drawing(bool coloured = false, double opacity = 1) {
  Picture out({120, 80}, 4);
  out.samples.clear();
  for (int y = 0; y < 80; ++y)
    for (int x = 0; x < 120; ++x) {
      const double r = std::hypot(x - 39.5, y - 39.5);
      const double ring = std::clamp(34 - r, 0., 1.) * std::clamp(r - 20, 0., 1.);
      const double bar = x >= 82 && x < 94 && y >= 10 && y < 66 ? 1 : 0;
      const double dot = std::clamp(9 - std::hypot(x - 107.5, y - 55.5), 0., 1.);
      const double a = std::max({ring, bar, dot});
      const bool red = coloured || dot > 0;
      for (const int v : {red ? 200 : 245, red ? 90 : 245, red ? 40 : 245,
                          static_cast<int>(std::lround(255 * opacity * a))})
        out.samples.push_back(static_cast<std::uint8_t>(v));
    }
  return out;
}

inline void write_drawing(const std::string& path, bool coloured = false, double opacity = 1) {
  REQUIRE(write_png(path, drawing(coloured, opacity)));
}

/// Waves of many sizes in all three planes, `speed` samples a frame, with a coding's noise.
/// @param models  laid on one after another, each at its factor of the frame.
struct Scene {
  double speed = 3, noise = 1;
  struct On {
    OverlayModel model;
    std::function<double(int)> gain;
  };
  std::vector<On> on;

  [[nodiscard]] double at(int c, double x, double y, int n) const {
    const double u = x + speed * n, v = y + .4 * speed * n;
    return c ? 126 + 12 * std::sin(u / 31 + v / 19 + c)
             : 110 + 28 * std::sin(u / 21 + v / 37) + 17 * std::sin(u / 9 - v / 13) +
                   8 * std::sin(u / 4.1 + v / 3.3);
  }
  /// @param marked  false: the clean one, with the same noise.
  [[nodiscard]] Frame frame(int n, bool marked) const {
    auto made = Frame::allocate(format, picture);
    REQUIRE(made);
    Random random(static_cast<std::uint64_t>(n) + 5);
    for (int c = 0; c < 3; ++c) {
      const auto to = made->writable(c);
      const int s = c ? 1 : 0;
      for (int y = 0; y < to.height; ++y)
        for (int x = 0; x < to.width; ++x) {
          double value = at(c, x << s, y << s, n);
          for (const On& each : on) {
            const Matte& m = each.model.mattes[static_cast<std::size_t>(c)];
            if (!marked || !m.box.contains(x, y)) continue;
            const auto i = static_cast<std::size_t>((y - m.box.y) * m.box.width + x - m.box.x);
            const double a = each.gain(n) * static_cast<double>(m.alpha[i]);
            value = a * static_cast<double>(m.colour[i]) + (1 - a) * value;
          }
          value += noise * (static_cast<double>(random.below(201)) / 100. - 1);
          to.data[y * to.stride + x * to.step] =
              static_cast<std::byte>(std::lround(std::clamp(value, 0., 255.)));
        }
    }
    made->pts = n;
    made->duration = 1;
    return *std::move(made);
  }
};

inline double always(int) { return 1; }

/// @param strength  of the drawing as the file at `path` has it.
inline OverlayModel laid(const std::string& path, double x, double y, double scale,
                         double strength) {
  const auto logos = read_logos(path);
  REQUIRE(logos);
  LogoPlace place;
  place.x = x, place.y = y, place.scale_x = place.scale_y = scale, place.gain = strength;
  const auto model = place_logo(logos->front(), place, video());
  REQUIRE(model);
  return *model;
}

/// PSNR of luma where the model covers, dB.
inline double decibels(const Frame& a, const Frame& b, const OverlayModel& model) {
  const Matte& m = model.mattes[0];
  double sum = 0, count = 0;
  for (int y = 0; y < m.box.height; ++y)
    for (int x = 0; x < m.box.width; ++x) {
      if (m.alpha[static_cast<std::size_t>(y * m.box.width + x)] < .01f) continue;
      const auto u = a.component(0), v = b.component(0);
      const double d =
          static_cast<double>(u.data[(y + m.box.y) * u.stride + (x + m.box.x) * u.step]) -
          static_cast<double>(v.data[(y + m.box.y) * v.stride + (x + m.box.x) * v.step]);
      sum += d * d, count += 1;
    }
  REQUIRE(count > 0);
  return 10 * std::log10(255. * 255. * count / std::max(sum, 1e-9));
}

inline bool same(const Frame& a, const Frame& b) {
  for (int c = 0; c < 3; ++c) {
    const auto u = a.component(c), v = b.component(c);
    for (int y = 0; y < u.height; ++y)
      for (int x = 0; x < u.width; ++x)
        if (u.data[y * u.stride + x * u.step] != v.data[y * v.stride + x * v.step]) return false;
  }
  return true;
}

}  // namespace known_mark
