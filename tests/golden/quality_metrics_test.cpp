// The measures measured: on answers that are known beforehand.
#include <catch2/catch.hpp>

#include "demo_clip/marks.h"
#include "demo_clip/scene.h"
#include "metrics.h"

namespace {
struct Known {
  demo::FramePtr clean, marked;
  demo::Overlay mark;
  quality::CropBoxes boxes;

  explicit Known(float alpha = .4F, int number = 0)
      : clean(demo::Scene(320, 180, 25).draw(number)), marked(av_frame_clone(clean.get())) {
    mark = demo::overlay_from(demo::draw_channel_mark(60), 240, 140, alpha, *clean);
    REQUIRE(av_frame_make_writable(marked.get()) >= 0);
    demo::put_on(*marked, mark);
    boxes = quality::boxes_around({mark}, 4, *clean);
  }
  [[nodiscard]] quality::Crop crop(const demo::FramePtr& frame) const {
    return quality::cut(*frame, boxes);
  }
};
}  // namespace

TEST_CASE("an untouched overlay leaves a residue of one, the truth one of nought") {
  const Known k;
  const auto untouched = quality::score(k.crop(k.marked), k.crop(k.clean), k.mark);
  CHECK(untouched.residue == Approx(1).margin(.05));  // p takes C's mean for C
  CHECK(untouched.pattern_rms > 2);
  CHECK(quality::psnr(untouched.squared_error) < 30);
  const auto truth = quality::score(k.crop(k.clean), k.crop(k.clean), k.mark);
  CHECK(truth.residue == 0);
  CHECK(truth.squared_error == 0);
  CHECK(quality::psnr(truth.squared_error) == 99);
}

TEST_CASE("taking off half of the overlay leaves half of it, twice of it a ghost") {
  const Known whole(.1F), half(.05F);  // faint, so that twice of it is no negative sample
  const auto left = quality::score(whole.crop(half.marked), whole.crop(whole.clean), whole.mark);
  CHECK(left.residue == Approx(.5).margin(.05));
  quality::Crop ghost = whole.crop(whole.clean);
  const quality::Crop with = whole.crop(whole.marked), without = ghost;
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < ghost[c].samples.size(); ++i)
      ghost[c].samples[i] =
          static_cast<std::uint16_t>(2 * without[c].samples[i] - with[c].samples[i]);
  CHECK(quality::score(ghost, without, whole.mark).residue == Approx(-1).margin(.05));
}

TEST_CASE("a flat fill of a textured place is no residue, but costs PSNR") {
  const Known k;
  quality::Crop flat = k.crop(k.clean);
  for (quality::Patch& patch : flat) {
    double sum = 0;
    for (const auto value : patch.samples) sum += value;
    const auto mean = static_cast<std::uint16_t>(sum / static_cast<double>(patch.samples.size()));
    for (auto& value : patch.samples) value = mean;
  }
  const auto filled = quality::score(flat, k.crop(k.clean), k.mark);
  CHECK(std::abs(filled.residue) < .25);
  CHECK(quality::psnr(filled.squared_error) < 35);
}

TEST_CASE("un-blending with the true opacity and colour brings the frame back") {
  const Known k;
  demo::FramePtr restored(av_frame_clone(k.marked.get()));
  REQUIRE(av_frame_make_writable(restored.get()) >= 0);
  demo::take_off(*restored, k.mark);
  const auto oracle = quality::score(k.crop(restored), k.crop(k.clean), k.mark);
  CHECK(std::abs(oracle.residue) < .01);
  CHECK(quality::psnr(oracle.squared_error) > 48);  // what rounding to code values costs
}

TEST_CASE("a mark that comes through in one frame of ten is one flash, and it flickers") {
  quality::Scorer steady, flashing;
  for (int n = 0; n < 10; ++n) {
    const Known k(.4F, n);
    steady.add(k.crop(k.clean), k.crop(k.clean), k.mark);
    flashing.add(k.crop(n == 6 ? k.marked : k.clean), k.crop(k.clean), k.mark);
  }
  CHECK(steady.score().flashes == 0);
  CHECK(steady.score().flicker == 0);
  CHECK(flashing.score().measured == 10);
  CHECK(flashing.score().flashes == 1);
  CHECK(flashing.score().flicker > 1);
  CHECK(flashing.score().residue_median == 0);
  CHECK(flashing.score().residue_p99 > .8);
}
