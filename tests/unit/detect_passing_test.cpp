// Marks that come and go: found by what they do, to the frame.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>

#include "detect/passing_marks.h"
#include "detect/place_states.h"
#include "detect/pop_finder.h"
#include "detect/scene_cuts.h"

using namespace cleanplate;

namespace {

constexpr Size picture{320, 180};
constexpr Box here{24, 20, 60, 32}, there{230, 128, 60, 32};

struct Place {
  double x, y;
  Place(const Box& box) : x(box.x), y(box.y) {}  // NOLINT: implicit
  Place(double px, double py) : x(px), y(py) {}
};
const Place away{-1000, -1000};

/// Opacity of soft strokes that do not repeat, with edges as wide as a camera's.
double ink(const Place& at, int x, int y) {
  const double u = x - at.x, v = y - at.y;
  if (u < 0 || v < 0 || u >= here.width || v >= here.height) return 0;
  return .5 * std::clamp(.5 + std::sin(u / 2.3 + v / 7) + std::sin(v / 2.9 - u / 11), 0., 1.);
}

/// Other strokes at the same place.
double other_ink(int x, int y) {
  return ink(here, here.x + here.right() - 1 - x, here.y + here.bottom() - 1 - y);
}

/// Foliage in wind: each leaf is another one every five frames. −.5 … .5
double leaf(int n, int x, int y) {
  const auto u = static_cast<std::uint32_t>(x / 2), v = static_cast<std::uint32_t>(y / 2),
             age = (static_cast<std::uint32_t>(n) + (u + v) % 5) / 5;
  const std::uint32_t hash = (u * 73856093u ^ v * 19349663u ^ age * 83492791u) * 2654435761u;
  return static_cast<double>(hash >> 24) / 255 - .5;
}

/// A texture that moves by `speed` a frame, with the mark at a place.
Frame scene(int n, const Place& at, double speed, bool other = false, double leaves = 0) {
  auto frame = Frame::allocate({Layout::grey, 8}, picture);
  REQUIRE(frame);
  const auto to = frame->writable(0);
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) {
      const double u = x + speed * n, v = y + .3 * speed * n;
      double value = 110 + 30 * std::sin(u / 9) + 25 * std::sin(v / 7 + u / 23);
      value += leaves * leaf(n, x, y);
      const double a = other ? other_ink(x, y) : ink(at, x, y);
      value = a * 235 + (1 - a) * value;
      to.data[y * to.stride + x] = static_cast<std::byte>(std::lround(value));
    }
  frame->pts = n;
  return *std::move(frame);
}

/// A scene whose colour is flat, and a mark of a brightness and a redness: Y and Cr.
Frame red_in(int n, const Place& at, double luma, const Box& block = {}) {
  auto frame = Frame::allocate({Layout::yuv420, 8}, picture);
  REQUIRE(frame);
  const Frame grey = scene(n, away, 3);
  for (int c = 0; c < 3; ++c) {
    const auto to = frame->writable(c);
    const int shift = c ? 1 : 0;
    for (int y = 0; y < picture.height >> shift; ++y)
      for (int x = 0; x < picture.width >> shift; ++x) {
        const int px = x << shift, py = y << shift;
        const auto from = grey.component(0);
        const int ground = c ? 128 : std::to_integer<int>(from.data[y * from.stride + x]);
        const double a = ink(at, px, py), paint = c == 0 ? luma : c == 1 ? 128 : 220;
        double value = a * paint + (1 - a) * ground;
        if (c == 2 && block.contains(px, py)) value += 40;
        to.data[y * to.stride + x] = static_cast<std::byte>(std::lround(value));
      }
  }
  frame->pts = n;
  return *std::move(frame);
}

/// @param impure  what is found changed its surroundings too, up to this share of purity.
/// @param known  places that are asked for their states as well.
template <class Shown>
std::vector<PassingMark> found_in(int frames, Shown&& shown, double impure = 1,
                                  const std::vector<Box>& known = {}) {
  PopFinder finder(picture);
  std::vector<PlaceStates> states;
  for (const Box& box : known) states.emplace_back(box, finder.reduction(), finder.grid());
  for (int n = 0; n < frames; ++n) {
    const Frame frame = shown(n);
    finder.add(frame);
    for (PlaceStates& each : states) each.add(frame);
  }
  std::vector<PlaceProbe> probes;
  for (const PlaceStates& each : states)
    if (auto place = each.place())
      probes.emplace_back(*std::move(place), finder.reduction(), finder.grid());
  for (PassingPlace& place : finder.places())
    place.pure = std::min(place.pure, impure),
    probes.emplace_back(std::move(place), finder.reduction(), finder.grid());
  SceneCuts cuts;
  std::vector<double> seconds;
  for (int n = 0; n < frames; ++n) {
    const Frame frame = shown(n);
    for (PlaceProbe& probe : probes) probe.add(frame);
    cuts.add(frame);
    seconds.push_back(n / 25.);
  }
  return passing_marks(probes, seconds, cuts, finder.reduction(), picture);
}

/// @param loop  frames after which the scene begins again.
template <class Where>
std::vector<PassingMark> found(int frames, double speed, Where&& where, int loop = 1000) {
  return found_in(frames, [&](int n) { return scene(n % loop, where(n), speed); });
}

/// Frames in which an accepted mark is said to be over `box`, as closely as that.
std::vector<int> frames_at(const std::vector<PassingMark>& marks, const Box& box, int frames,
                           double closely = .5) {
  std::vector<int> out;
  for (int n = 0; n < frames; ++n)
    for (const PassingMark& m : marks) {
      if (!m.candidate.accepted || iou(m.candidate.detection.box, box) < closely) continue;
      for (const Stay& s : m.stays)
        if (s.when.holds(n / 25.)) out.push_back(n);
    }
  return out;
}

std::vector<int> range(int from, int to) {
  std::vector<int> out;
  for (int n = from; n < to; ++n) out.push_back(n);
  return out;
}

}  // namespace

TEST_CASE("where what changes beside a mark hides its coming, a known place tells its two states") {
  const auto shown = [](int n) { return scene(n, n < 45 ? here : there, 3, false, 60); };
  CHECK(frames_at(found_in(100, shown), here, 100).empty());
  const auto marks = found_in(100, shown, 1, {here.grown(4), there.grown(4), {120, 60, 70, 40}});
  CHECK(frames_at(marks, here, 100) == range(0, 45));
  CHECK(frames_at(marks, there, 100) == range(45, 100));
  for (const PassingMark& m : marks) CHECK(iou(m.candidate.detection.box, {120, 60, 70, 40}) < .1);
}

TEST_CASE("a mark that jumps is found at both places, each to the frame") {
  const double speed = GENERATE(0., .4, 3.);
  CAPTURE(speed);
  const auto marks = found(100, speed, [](int n) { return Place(n < 45 ? here : there); });
  CHECK(frames_at(marks, here, 100) == range(0, 45));
  CHECK(frames_at(marks, there, 100) == range(45, 100));
  std::vector<int> identities;
  for (const PassingMark& m : marks)
    if (m.candidate.accepted) identities.push_back(m.identity);
  REQUIRE(identities.size() == 2);
  CHECK(identities[0] == identities[1]);
}

TEST_CASE("two lines of text at one place are found, each to the frame") {
  const double speed = GENERATE(0., .4, 3.);
  CAPTURE(speed);
  const auto marks = found_in(120, [&](int n) {
    const bool second = n >= 65 && n < 105;
    return scene(n, n >= 10 && n < 50 ? Place(here) : away, speed, second);
  });
  auto expected = range(10, 50);
  for (int n = 65; n < 105; ++n) expected.push_back(n);
  CHECK(frames_at(marks, here, 120) == expected);
  CHECK(std::count_if(marks.begin(), marks.end(),
                      [](const PassingMark& m) { return m.candidate.accepted; }) == 2);
}

TEST_CASE("two lines of text before foliage that never rests are found, each to the frame") {
  const auto marks = found_in(120, [&](int n) {
    const bool second = n >= 65 && n < 105;
    return scene(n, n >= 10 && n < 50 ? Place(here) : away, .4, second, 10);
  });
  auto expected = range(10, 50);
  for (int n = 65; n < 105; ++n) expected.push_back(n);
  CHECK(frames_at(marks, here, 120, .3) == expected);
}

TEST_CASE("two lines of text that are seen to go and to come once each prove each other") {
  const auto marks =
      found_in(120, [&](int n) { return scene(n, n < 50 ? Place(here) : away, .4, n >= 65); });
  REQUIRE(marks.size() == 2);
  for (const PassingMark& m : marks) CHECK(m.candidate.detection.score > .8);
}

TEST_CASE("a mark that blinks is found in the frames in which it is there") {
  const double speed = GENERATE(0., .4, 3.);
  CAPTURE(speed);
  const auto marks = found(110, speed, [](int n) { return n / 30 % 2 ? Place(here) : away; });
  auto expected = range(30, 60);
  for (int n = 90; n < 110; ++n) expected.push_back(n);
  CHECK(frames_at(marks, here, 110) == expected);
}

TEST_CASE("a red mark of the scene's own brightness is found in the frames in which it is there") {
  // 110 is what the scene has on average, where such a mark only takes from the scene's edges.
  const auto marks =
      found_in(110, [](int n) { return red_in(n, n / 30 % 2 ? Place(here) : away, 110); });
  auto expected = range(30, 60);
  for (int n = 90; n < 110; ++n) expected.push_back(n);
  CHECK(frames_at(marks, here, 110) == expected);
}

TEST_CASE("a mark that is lighter than one ground and darker than the next is one by its colour") {
  const auto place = [](double luma) {
    PopFinder finder(picture);
    for (int n = 0; n < 60; ++n) finder.add(red_in(n, n < 30 ? away : Place(here), luma));
    const auto places = finder.places();
    REQUIRE_FALSE(places.empty());
    return places[0];
  };
  CHECK(pattern_alike(place(235), place(0), 0, 0) > .85);
}

TEST_CASE("a block of chroma that is coded anew is no mark that comes") {
  const auto marks = found_in(110, [](int n) {
    return red_in(n, away, 110, n / 30 % 2 ? Box{64, 48, 16, 16} : Box{});
  });
  for (const PassingMark& m : marks) {
    CAPTURE(m.candidate.reason);
    CHECK_FALSE(m.candidate.accepted);
  }
}

TEST_CASE("what changes its surroundings too must do more than come and go, to be surely a mark") {
  const auto sure = [](const std::vector<PassingMark>& marks) {
    return std::any_of(marks.begin(), marks.end(), [](const PassingMark& m) {
      return m.candidate.accepted && m.candidate.detection.score >= .9;
    });
  };
  const auto blinks = [](int n) { return scene(n, n / 30 % 2 ? Place(here) : away, .4); };
  CHECK(sure(found_in(110, blinks, .9)));
  CHECK_FALSE(sure(found_in(110, blinks, .7)));  // a shadow does as much
  const auto jumps = [](int n) { return scene(n, n / 30 % 2 ? Place(here) : Place(there), .4); };
  CHECK(sure(found_in(110, jumps, .7)));
}

TEST_CASE("what comes again with a scene that comes again is the scene's") {
  const auto marks = found(
      200, 3, [](int n) { return n % 50 >= 20 ? Place(here) : away; }, 50);
  REQUIRE_FALSE(marks.empty());
  for (const PassingMark& m : marks) {
    CAPTURE(m.candidate.reason);
    CHECK(m.candidate.detection.score < .9);
  }
}

TEST_CASE("a mark that blinks over a scene that comes again is found") {
  const auto marks = found(
      200, 3, [](int n) { return n / 30 % 2 ? Place(here) : away; }, 50);
  CHECK(std::any_of(marks.begin(), marks.end(), [](const PassingMark& m) {
    return m.candidate.accepted && m.candidate.detection.score >= .9;
  }));
}

TEST_CASE("what comes to rest at a place and moves on is no mark that comes and goes") {
  const auto marks = found(100, .4, [](int n) {
    const int way = n < 30 ? 30 - n : n < 70 ? 0 : n - 70;
    return Place(here.x + way * way / 60., here.y);
  });
  for (const PassingMark& m : marks) {
    CAPTURE(m.candidate.reason);
    CHECK_FALSE(m.candidate.accepted);
  }
}

TEST_CASE("a scene without a mark has nothing that comes and goes") {
  const double speed = GENERATE(0., .4, 3., 11.);
  const auto marks = found(80, speed, [](int) { return away; });
  CHECK(marks.empty());
}

TEST_CASE("what looks like an overlay and was seen to come once is surely one, for its time") {
  PassingMark mark;
  mark.candidate = {{}, true, "It comes once."};
  mark.candidate.detection.box = {100, 40, 60, 20};
  mark.candidate.detection.score = .5;
  Candidate same = mark.candidate, other = same;
  same.detection.box = {104, 42, 50, 16};
  same.detection.score = .99;
  other.detection.box = {10, 200, 60, 20};
  std::vector<PassingMark> marks{mark};
  std::vector<Candidate> staying{same, other};
  take_over(staying, marks);
  CHECK_FALSE(staying[0].accepted);
  CHECK(marks[0].candidate.detection.score == .99);
  CHECK(staying[1].accepted);

  marks[0].candidate.accepted = false;
  staying = {same};
  take_over(staying, marks);
  CHECK(staying[0].accepted);
}

TEST_CASE("scenery that changes as a mark comes does not widen what surely is one") {
  PassingMark wide;
  wide.candidate.detection.box = {0, 500, 200, 200};
  wide.candidate.detection.score = .9;
  wide.candidate.accepted = true;
  Candidate text;
  text.detection.box = {80, 600, 110, 16};
  text.detection.score = 1;
  text.accepted = true;
  std::vector<PassingMark> marks{wide};
  std::vector<Candidate> staying{text};
  take_over(staying, marks);
  CHECK(marks[0].candidate.detection.box == Box{64, 584, 136, 48});

  // A line of a larger mark is not all of it.
  wide.candidate.detection.box = {60, 560, 140, 80};
  marks = {wide}, staying = {text};
  take_over(staying, marks);
  CHECK(marks[0].candidate.detection.box == wide.candidate.detection.box);
}

TEST_CASE("digits that change on a bar that stays are a part of it") {
  Candidate bar;
  bar.detection.box = {10, 200, 300, 20};
  bar.detection.score = .95;
  bar.accepted = true;
  const auto digits = [](int x, int width) {
    PassingMark mark;
    mark.candidate.detection.box = {x, 201, width, 18};
    mark.candidate.detection.score = .5;
    mark.candidate.accepted = true;
    return mark;
  };
  std::vector<Candidate> staying{bar};
  std::vector<PassingMark> marks{digits(200, 30), digits(240, 30)};
  take_over(staying, marks);
  CHECK(staying[0].accepted);
  CHECK_FALSE(marks[0].candidate.accepted);
  CHECK_FALSE(marks[1].candidate.accepted);

  marks = {digits(12, 150), digits(170, 130)};  // two words: all of it comes and goes
  take_over(staying, marks);
  CHECK_FALSE(staying[0].accepted);
  CHECK(marks[0].candidate.accepted);

  bar.detection.score = .6;  // it may be scenery
  staying = {bar}, marks = {digits(200, 30)};
  take_over(staying, marks);
  CHECK_FALSE(staying[0].accepted);
  CHECK(marks[0].candidate.accepted);
}
