// What the planner wants of the frames, kept on the first way through a clip.
#include <catch2/catch.hpp>

#include "known_mark.h"
#include "media_clips.h"
#include "pipeline/early_places.h"
#include "pipeline/planner.h"

using namespace cleanplate;
using known_mark::Scene;

namespace {

constexpr Box mark{32, 24, 64, 52}, inside{24, 16, 90, 64};

Scene marked_scene() {
  const clips::Folder folder;
  known_mark::write_drawing(folder / "mark.png");
  Scene scene;
  scene.speed = 5;
  scene.on = {{known_mark::laid(folder / "mark.png", 30, 22, .7, .8), known_mark::always}};
  return scene;
}

EarlyPlaces kept_of(const Scene& scene, bool marked, int frames) {
  EarlyPlaces early(known_mark::video(), frames);
  for (int n = 0; n < frames; ++n) early.add(scene.frame(n, marked));
  return early;
}

Candidate found(const Box& box) {
  Candidate out;
  out.detection.box = box;
  out.detection.score = 1;
  out.accepted = true;
  return out;
}

}  // namespace

TEST_CASE("where something surely stays, its place is kept of the frames that follow") {
  const Scene scene = marked_scene();
  const EarlyPlaces early = kept_of(scene, true, 60);
  REQUIRE(early.times().size() == 48);
  CHECK(early.times().front() == 12);
  CHECK(early.times().back() == 59);
  const EarlyPlaces::Kept* kept = early.at(inside);
  REQUIRE(kept);
  CHECK_FALSE(early.at({200, 100, 64, 40}));

  CropStack straight(known_mark::format, known_mark::picture, inside);
  for (int n = 12; n < 60; ++n) straight.add(scene.frame(n, true));
  const CropStack cut = kept->seen.cut(inside, known_mark::picture);
  REQUIRE(cut.frames() == straight.frames());
  for (int c = 0; c < 3; ++c) {
    REQUIRE(cut.box(c) == straight.box(c));
    for (int t = 0; t < cut.frames(); ++t)
      CHECK(std::equal(cut.samples(c, t), cut.samples(c, t) + cut.box(c).area(),
                       straight.samples(c, t)));
  }
}

TEST_CASE("a scene in which nothing surely stays has nothing kept of it") {
  CHECK(kept_of(marked_scene(), false, 40).times().empty());
}

TEST_CASE("what surely stays is not seen less often for much else that hardly does") {
  const auto most_frames = [](double score) {
    std::vector<Candidate> candidates(12, found({0, 0, 300, 170}));
    for (Candidate& c : candidates) c.detection.score = .5;
    candidates.push_back(found(mark));
    candidates.back().detection.score = score;
    const Options options;
    return Planner(options, known_mark::video(), candidates, {}).most_frames();
  };
  CHECK(most_frames(.5) < 20);
  CHECK(most_frames(.9) == Options{}.scan_frames / 3);
}

TEST_CASE("the planner looks at no frame twice where all it wants was kept") {
  const EarlyPlaces early = kept_of(marked_scene(), true, 60);
  const auto planner = [](const Box& box, std::vector<Region> regions = {}) {
    return Planner({}, known_mark::video(), {found(box)}, std::move(regions));
  };
  Planner enough = planner(mark);
  REQUIRE(enough.take(early, 40));
  const auto plan = enough.plan({});
  REQUIRE(plan);
  REQUIRE(plan->overlays.size() == 1);
  REQUIRE(plan->overlays[0].model);
  CHECK(plan->overlays[0].model->alpha_peak == Approx(.8).margin(.1));

  CHECK_FALSE(planner(mark).take(early, 65));                // too few
  CHECK_FALSE(planner({200, 100, 60, 40}).take(early, 40));  // elsewhere
  CHECK_FALSE(planner(mark, {Region{}}).take(early, 40));    // it comes and goes
}

TEST_CASE("an overlay's box is the mark's, not the coarse one that it was found by") {
  const Scene scene = marked_scene();
  Planner planner({}, known_mark::video(), {found({24, 18, 100, 64})}, {});
  for (int n = 0; n < 30; ++n) planner.add(scene.frame(n, true), n / 25.);
  const auto plan = planner.plan({});
  REQUIRE(plan);
  REQUIRE(plan->overlays.size() == 1);
  const Box& box = plan->candidates[0].detection.box;
  CAPTURE(box.x, box.y, box.width, box.height);
  CHECK(iou(box, {34, 26, 78, 48}) > .85);
  CHECK(plan->overlays[0].detection.box == box);
}

TEST_CASE("a bar with nothing in it is no overlay, one with words in it may be") {
  const bool words = GENERATE(false, true);
  const Scene scene = marked_scene();
  const Box bar{40, 100, 160, 16};
  Planner planner({}, known_mark::video(), {found(bar)}, {});
  for (int n = 0; n < 30; ++n) {
    Frame frame = scene.frame(n, false);
    const MutableComponentView luma = frame.writable(0);
    for (int y = bar.y; y < bar.bottom(); ++y)
      for (int x = bar.x; x < bar.right(); ++x)
        luma.data[y * luma.stride + x * luma.step] =
            words && y > 104 && y < 112 && x / 3 % 2 ? std::byte{220} : std::byte{24};
    planner.add(frame, n / 25.);
  }
  const auto plan = planner.plan({});
  REQUIRE(plan);
  CHECK(plan->candidates[0].accepted == words);
}

TEST_CASE("what is away most of the time was not found by what stays, but for sure looks") {
  const int there = GENERATE(3, 8);  // of ten frames
  const Scene scene = marked_scene();
  const double score = GENERATE(.95, .99);
  Candidate candidate = found({24, 18, 100, 64});
  candidate.detection.score = score;
  Planner planner({}, known_mark::video(), {candidate}, {});
  for (int n = 0; n < 60; ++n) planner.add(scene.frame(n, n / 6 < there), n / 25.);
  const auto plan = planner.plan({});
  REQUIRE(plan);
  CAPTURE(plan->candidates[0].reason);
  CHECK(plan->candidates[0].accepted == (there == 8 || score > .97));
}

TEST_CASE("what is kept is thinned out evenly before it takes too much memory") {
  const Size large{1920, 1080};
  VideoInfo video = known_mark::video();
  video.size = large;
  EarlyPlaces early(video, 1);
  // A frame of stripes that roll, with a still block as large as a quarter of the picture.
  for (int n = 0; n < 60; ++n) {
    auto made = Frame::allocate(known_mark::format, large);
    REQUIRE(made);
    for (int c = 0; c < 3; ++c) {
      const auto to = made->writable(c);
      for (int y = 0; y < to.height; ++y)
        for (int x = 0; x < to.width; ++x) {
          const bool still =
              x > to.width / 8 && x < to.width / 2 && y > to.height / 4 && y < to.height / 2;
          to.data[y * to.stride + x * to.step] =
              static_cast<std::byte>(still ? 235 : 60 + (x * 2 + y + n * 29) % 64);
        }
    }
    made->pts = n;
    early.add(*made);
  }
  const auto& times = early.times();
  REQUIRE(times.size() > 4);
  REQUIRE(times.size() < 40);
  for (std::size_t k = 2; k < times.size(); ++k)
    CHECK(times[k] - times[k - 1] == times[1] - times[0]);
}
