// A made-up scene with a known mark on it: is the mark's matte found?
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "core/random.h"
#include "matte/contour.h"
#include "matte/contrast.h"
#include "matte/estimate.h"

using namespace cleanplate;

namespace {
constexpr Size picture{420, 180};
constexpr Box mark{30, 40, 120, 100};

/// Waves of many sizes; moves by `speed` samples a frame, with the coding's noise.
struct Scene {
  double speed = 0;
  double texture = 30;
  int black = 0;  // rows at the top
  [[nodiscard]] double at(double x, double y, int t) const {
    if (y < black) return 16;
    const double u = x + speed * t, v = y + .4 * speed * t;
    return 110 + texture * (std::sin(u / 23 + v / 41) + .6 * std::sin(u / 9 - v / 13) +
                            .3 * std::sin(u / 4.1 + v / 3.3) + .8 * std::sin(v / 61));
  }
};

/// A ring with soft edges and a bar inside it: 0…1. @param inside  what lies in the ring beside the
/// bar.
double coverage(int x, int y, double inside = 0) {
  const double dx = x - 90, dy = y - 90, r = std::sqrt(dx * dx + dy * dy);
  const double ring = std::clamp(44.5 - r, 0., 1.) * std::clamp(r - 20.5, 0., 1.);
  const double bar = x >= 84 && x < 96 && y >= 74 && y < 106 ? 1 : 0;
  return std::max({ring, bar, r < 30 ? inside : 0.});
}

struct Shot {
  std::vector<Frame> seen;
  std::vector<std::vector<double>> clean;  // luma
  double inside = 0;
};

/// @param gamma  of the light that the mark was mixed in; 1: of the code values.
/// @param slope  by how much the mark is brighter from sample to sample across it.
/// @param red    the mark's Cr.
/// @param inside  see coverage.
Shot shoot(const Scene& scene, int frames, double alpha, double white, double gamma = 1,
           double slope = 0, double red = 128, double inside = 0) {
  Shot shot;
  shot.inside = inside;
  Random random(3);
  for (int t = 0; t < frames; ++t) {
    auto made = Frame::allocate({Layout::yuv420, 8}, picture);
    REQUIRE(made);
    Frame frame = *std::move(made);
    shot.clean.emplace_back();
    for (int c = 0; c < 3; ++c) {
      const MutableComponentView v = frame.writable(c);
      for (int y = 0; y < v.height; ++y)
        for (int x = 0; x < v.width; ++x) {
          double value = 128;
          if (c == 0) {
            const double clean = std::clamp(scene.at(x, y, t), 0., 255.);
            shot.clean.back().push_back(clean);
            const double a = alpha * coverage(x, y, inside);
            const double paint = white + slope * (x - 90);
            value =
                std::pow(a * std::pow(paint, gamma) + (1 - a) * std::pow(clean, gamma), 1 / gamma) +
                random.below(300) / 100. - 1.5;
          }
          if (c == 2) {
            const double covered = (coverage(2 * x, 2 * y) + coverage(2 * x + 1, 2 * y) +
                                    coverage(2 * x, 2 * y + 1) + coverage(2 * x + 1, 2 * y + 1)) /
                                   4;
            value += alpha * covered * (red - 128);
          }
          v.data[y * v.stride + x * v.step] =
              static_cast<std::byte>(std::lround(std::clamp(value, 0., 255.)));
        }
    }
    shot.seen.push_back(std::move(frame));
  }
  return shot;
}

struct Place {
  CropStack seen, beside;
  Field hint;
};

Place place_of(const Shot& shot) {
  const Box place = mark.grown(20);
  CropStack seen({Layout::yuv420, 8}, picture, place);
  CropStack beside({Layout::yuv420, 8}, picture,
                   {place.x + 220, place.y, place.width, place.height});
  for (const Frame& f : shot.seen) seen.add(f), beside.add(f);
  Field hint(seen.box(0).width, seen.box(0).height);
  for (int y = 0; y < hint.height; ++y)
    for (int x = 0; x < hint.width; ++x)
      hint.at(x, y) = mark.contains(x + seen.box(0).x, y + seen.box(0).y) ? 1.f : 0.f;
  return {std::move(seen), std::move(beside), std::move(hint)};
}

MatteEstimate estimate(const Shot& shot) {
  const auto [seen, beside, hint] = place_of(shot);
  return estimate_matte(seen, beside, hint);
}

double psnr_unblended(const Shot& shot, const Matte& m) {
  double error = 0, n = 0;
  for (std::size_t t = 0; t < shot.seen.size(); ++t) {
    const ComponentView luma = shot.seen[t].component(0);
    for (int y = 0; y < m.box.height; ++y)
      for (int x = 0; x < m.box.width; ++x) {
        const int px = x + m.box.x, py = y + m.box.y;
        if (coverage(px, py, shot.inside) <= 0) continue;
        const auto i = static_cast<std::size_t>(y * m.box.width + x);
        const auto a = static_cast<double>(m.alpha[i]);
        const double seen = std::to_integer<int>(luma.data[py * luma.stride + px * luma.step]);
        const double j = (seen - a * static_cast<double>(m.colour[i])) / (1 - std::min(a, .95));
        const double clean = shot.clean[t][static_cast<std::size_t>(py * picture.width + px)];
        error += (j - clean) * (j - clean), n += 1;
      }
  }
  return 10 * std::log10(255. * 255. * n / error);
}
}  // namespace

TEST_CASE("a see-through mark's opacity is found where the scene moves") {
  const double alpha = GENERATE(.2, .4, .65);
  const double white = GENERATE(235., 20.);
  CAPTURE(alpha, white);
  const Shot shot = shoot({1.7}, 40, alpha, white);
  const MatteEstimate e = estimate(shot);
  REQUIRE(e.model);
  CHECK(e.model->alpha_peak == Approx(alpha).margin(.04));
  CHECK(e.left < .1);
  // Untouched it is 11 to 22 dB.
  CHECK(psnr_unblended(shot, e.model->mattes[0]) > 32);
}

TEST_CASE("a letterbox's edge beside a mark is no contrast of the place") {
  Scene scene{1.7};
  scene.black = mark.y + 3;
  const Shot shot = shoot(scene, 40, .4, 235);
  const auto [seen, beside, hint] = place_of(shot);
  const Field d = static_contrast(seen, beside, hint).here[0];
  for (int y = scene.black; y < scene.black + 8; ++y)
    for (int x = mark.x + 4; x < mark.x + 16; ++x)  // where the mark is not
      REQUIRE(std::abs(d.at(x - seen.box(0).x, y - seen.box(0).y)) < 8);
  const MatteEstimate e = estimate(shot);
  REQUIRE(e.model);
  CHECK(e.model->alpha_peak == Approx(.4).margin(.04));
  CHECK(psnr_unblended(shot, e.model->mattes[0]) > 32);
}

TEST_CASE("a mark of one colour and two opacities is taken off whole") {
  const Shot shot = shoot({1.7}, 40, .4, 235, 1, 0, 128, .55);
  const MatteEstimate e = estimate(shot);
  REQUIRE(e.model);
  CHECK(e.model->alpha_peak == Approx(.4).margin(.04));
  CHECK(psnr_unblended(shot, e.model->mattes[0]) > 32);
}

TEST_CASE("a mark whose colour runs over it is taken off as one") {
  const double slope = GENERATE(.9, -.9);
  const Shot shot = shoot({1.7}, 40, .4, 205, 1, slope);
  const MatteEstimate e = estimate(shot);
  REQUIRE(e.model);
  CHECK(e.model->alpha_peak == Approx(.4).margin(.06));
  CHECK(psnr_unblended(shot, e.model->mattes[0]) > 32);
}

TEST_CASE("the edges of a mark that hue alone shows are as sharp as the luma's") {
  const Shot shot = shoot({1.7}, 40, .7, 80, 1, 0, 220);
  const MatteEstimate e = estimate(shot);
  REQUIRE(e.model);
  const Matte& luma = e.model->mattes[0];
  double off2 = 0, n = 0;
  for (int y = luma.box.y; y < luma.box.bottom(); ++y)
    for (int x = luma.box.x; x < luma.box.right(); ++x) {
      const double covered = coverage(x, y);
      if (covered == 1 ||
          coverage(x - 1, y) + coverage(x + 1, y) + coverage(x, y - 1) + coverage(x, y + 1) == 0)
        continue;
      const auto i = static_cast<std::size_t>((y - luma.box.y) * luma.box.width + x - luma.box.x);
      const double off = static_cast<double>(luma.alpha[i]) / e.model->alpha_peak - covered;
      off2 += off * off, n += 1;
    }
  CHECK(std::sqrt(off2 / n) < .045);  // by chroma as it is seen, on half the grid: .06
}

TEST_CASE("a mark as bright as the scene stands out by its hue") {
  const MatteEstimate e = estimate(shoot({1.7}, 40, .4, 110, 1, 0, 220));
  REQUIRE(e.model);
  CHECK(e.stands_out > 4);
  CHECK(std::abs(e.model->alpha_peak - .4) < .1);
}

TEST_CASE("a weak panel under strong letters is kept by what it looks like") {
  // A panel of the scene's own brightness nearly, behind the ring and bar.
  Shot shot = shoot({1.7}, 40, .4, 235);
  Random random(5);
  for (Frame& f : shot.seen) {
    const MutableComponentView luma = f.writable(0);
    for (int y = mark.y; y < mark.bottom(); ++y)
      for (int x = mark.x; x < mark.right(); ++x) {
        if (coverage(x, y) > 0) continue;
        std::byte& v = luma.data[y * luma.stride + x * luma.step];
        v = static_cast<std::byte>(
            std::lround(.6 * std::to_integer<int>(v) + .4 * 96 + random.below(100) / 100. - .5));
      }
  }
  const auto [seen, beside, hint] = place_of(shot);
  Likely looks{hint, .4};
  for (float& p : looks.overlay.values) p = p > 0 ? .98f : .02f;
  const MatteEstimate e = estimate_matte(seen, beside, hint, looks);
  REQUIRE(e.model);
  const auto covered = std::count_if(e.support->values.begin(), e.support->values.end(),
                                     [](auto v) { return v > 0; });
  CAPTURE(covered, mark.area(), e.model->alpha_peak);
  CHECK(static_cast<double>(covered) > .9 * static_cast<double>(mark.area()));
}

TEST_CASE("where nothing moves the mark is taken off by its outline, and little is claimed") {
  const Shot shot = shoot({0, 12}, 20, .4, 235);
  const MatteEstimate e = estimate(shot);
  REQUIRE(e.model);
  CHECK(e.left < .15);
  CHECK(psnr_unblended(shot, e.model->mattes[0]) > 32);
  CHECK(e.model->confidence < .5);
}

TEST_CASE("an opaque mark's support is found to the sample, and nothing is un-blended") {
  const Shot shot = shoot({1.7}, 40, 1, 235);
  const MatteEstimate e = estimate(shot);
  REQUIRE(e.support);
  double both = 0, either = 0;
  for (int y = mark.y; y < mark.bottom(); ++y)
    for (int x = mark.x; x < mark.right(); ++x) {
      const bool is = coverage(x, y) > .02, found = e.support->at(x, y) > 0;
      both += is && found, either += is || found;
    }
  CHECK(both / either > .9);
  CHECK(e.trust < .1);
}

TEST_CASE("a bare scene has no matte") {
  const Shot shot = shoot({1.7}, 40, 0, 235);
  CHECK_FALSE(estimate(shot).model);
}

TEST_CASE("a mark without a hue gets none from the scene round it, one with a hue keeps it") {
  constexpr int side = 60;
  constexpr float alpha = .4f;
  const float hue = GENERATE(128.f, 90.f);
  CAPTURE(hue);
  Random random(11);
  Evidence evidence;
  evidence.components = 3;
  for (Field& f : evidence.mean) f = Field(side, side);
  PaintMap map{side, side, std::vector<std::uint8_t>(side * side), {}};
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) {
      const auto i = map.index(x, y);
      const bool in = x >= 15 && x < 45 && y >= 15 && y < 45;
      map.paint[i] = in;
      for (std::size_t c = 0; c < 3; ++c) {
        const float plate = 126 + static_cast<float>(random.below(1200)) / 100;  // a hue of its own
        evidence.mean[c].values[i] = in ? alpha * (c ? hue : 235) + (1 - alpha) * plate : plate;
      }
    }
  find_solid(map);
  const Paint paint;
  const Contrast fit =
      fit_colour(evidence, contour_of(map, 1, 10), {paint}, static_cast<double>(alpha));
  if (hue == 128)
    CHECK((fit[1] == alpha * 128 && fit[2] == alpha * 128));
  else
    CHECK(fit[1] == Approx(alpha * hue).margin(1.5));
}

TEST_CASE("a mark that was mixed in linear light is known from one of code values") {
  for (const double alpha : {.3, .5}) {
    const Scene lively{4, 40};
    const MatteEstimate linear = estimate(shoot(lively, 80, alpha, 235, 2.4));
    const MatteEstimate plain = estimate(shoot(lively, 80, alpha, 235));
    REQUIRE(linear.model);
    REQUIRE(plain.model);
    CHECK(linear.bent);
    CHECK_FALSE(plain.bent);
  }
}

TEST_CASE("a scene that does not change does not tell how a mark was mixed") {
  const MatteEstimate still = estimate(shoot({0, 40}, 40, .5, 235, 2.4));
  CHECK_FALSE(still.bent);
}
