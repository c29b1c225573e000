// The measure of texture, on answers that are known beforehand.
#include "texture.h"

#include <cleanplate/geometry.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.h"
#include "metrics.h"

namespace {
constexpr int side = 160;
constexpr cleanplate::Box mark{56, 60, 48, 32};

demo::Overlay overlay() {
  demo::Overlay out;
  demo::Layer& luma = out.layers[0];
  luma.x = mark.x, luma.y = mark.y, luma.width = mark.width, luma.height = mark.height;
  luma.alpha.assign(static_cast<std::size_t>(mark.area()), 1.F);
  luma.colour.assign(static_cast<std::size_t>(mark.area()), 235.F);
  return out;
}

/// Noise of this deviation in blobs of 2 × 2, round 128.
quality::Crop rough(double deviation, std::uint64_t seed) {
  cleanplate::Random random(seed);
  std::vector<double> blobs(side * side / 4);
  for (double& b : blobs) b = deviation * random.normal();
  quality::Crop crop;
  crop[0] = {0, 0, side, side, {}};
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      crop[0].samples.push_back(static_cast<std::uint16_t>(
          std::lround(128 + blobs[static_cast<std::size_t>(y / 2 * (side / 2) + x / 2)])));
  return crop;
}

/// Its place made up: so much of what was there, about the mean.
quality::Crop filled(quality::Crop crop, double share) {
  for (int y = mark.y; y < mark.bottom(); ++y)
    for (int x = mark.x; x < mark.right(); ++x) {
      auto& sample = crop[0].samples[static_cast<std::size_t>(y * side + x)];
      sample = static_cast<std::uint16_t>(std::lround(128 + share * (sample - 128)));
    }
  return crop;
}

quality::TextureScore score_of(double share) {
  quality::TextureScorer scorer;
  for (std::uint64_t n = 0; n < 4; ++n) scorer.add(filled(rough(12, n), share), overlay());
  return scorer.score();
}
}  // namespace

TEST_CASE("a texture looks like itself: the truth scores nought") {
  const auto truth = score_of(1);
  CHECK(truth.variance < .1);
  CHECK(truth.gradients < .1);
  CHECK(truth.place_change == Approx(truth.ring_change).epsilon(.1));
}

TEST_CASE("a flat fill of a textured place is told from it by variance, gradients and change") {
  const auto flat = score_of(0);
  // 5 × 5 samples of such noise vary by some 12² less what the window's mean takes.
  CHECK(flat.variance == Approx(std::log(144)).margin(.5));
  CHECK(flat.gradients > 1.5);
  CHECK(flat.place_change == 0);
  CHECK(flat.ring_change > 8);
}

TEST_CASE("half of the texture's strength is a quarter of its variance and an octave less steep") {
  const auto half = score_of(.5);
  CHECK(half.variance == Approx(std::log(4)).margin(.15));
  CHECK(half.gradients < .6 * score_of(0).gradients);
  CHECK(half.gradients > .2);
}

TEST_CASE("too much texture is as wrong as too little") {
  CHECK(score_of(2).variance == Approx(score_of(.5).variance).margin(.2));
}

TEST_CASE("a clip's score carries the texture's, ten bits as eight") {
  quality::Scorer scorer;
  demo::Overlay deep = overlay();
  deep.bits = 10;
  quality::Crop crop = filled(rough(12, 1), .5);
  for (auto& sample : crop[0].samples) sample = static_cast<std::uint16_t>(4 * sample);
  scorer.add(crop, crop, deep);
  CHECK(scorer.score().texture.variance == Approx(score_of(.5).variance).margin(.2));
}

TEST_CASE("a place too small to look at scores nothing") {
  demo::Overlay dot = overlay();
  dot.layers[0].width = 2, dot.layers[0].height = 2;
  quality::TextureScorer scorer;
  scorer.add(filled(rough(12, 1), 0), dot);
  CHECK(scorer.score().variance == 0);
  CHECK_FALSE(quality::texture(rough(12, 1), dot).place.known);
}
