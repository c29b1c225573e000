// The same scene before and after a mark comes: is the mark's matte read off it?
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "core/random.h"
#include "matte/something_else.h"
#include "matte/stepped_mark.h"

using namespace cleanplate;

namespace {

constexpr Size picture{160, 120};
constexpr Box place{40, 30, 80, 60};

/// Rough and still, or moving by `speed` samples a frame; another scene from frame 60 on.
double scene(double x, double y, int t, double speed) {
  const double u = x + speed * t + (t >= 60 ? 37 : 0), v = y;
  return 120 + 35 * std::sin(u / 3.1) * std::cos(v / 2.7) + 25 * std::sin(u / 11 + v / 5);
}

double coverage(int x, int y) {
  const double dx = x - 80, dy = y - 60, r = std::sqrt(dx * dx + dy * dy);
  return std::clamp(24.5 - r, 0., 1.) * std::clamp(r - 8.5, 0., 1.);
}

constexpr int trees = 126;  // they begin there, before a sky

struct Shown {
  bool sky = false;
  double speed = 0, alpha = .5, white = 230;
  /// Whether the mark is in a frame.
  bool (*there)(int) = [](int t) { return t >= 20 && t < 40; };
};

double at(const Shown& shown, int x, int y, int t, bool mark) {
  const double a = mark ? shown.alpha * coverage(x, y) : 0;
  return a * shown.white + (1 - a) * (shown.sky && x < trees ? 120 : scene(x, y, t, shown.speed));
}

Frame frame_of(const Shown& shown, int t, bool mark, Random& random) {
  auto frame = Frame::allocate({Layout::grey, 8}, picture);
  REQUIRE(frame);
  const auto to = frame->writable(0);
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x)
      to.data[y * to.stride + x] = static_cast<std::byte>(std::lround(
          std::clamp(at(shown, x, y, t, mark) + random.below(300) / 100. - 1.5, 0., 255.)));
  frame->pts = t;
  return *std::move(frame);
}

Field hint_of(const CropStack& stack) {
  Field hint(stack.box(0).width, stack.box(0).height);
  for (int y = 0; y < hint.height; ++y)
    for (int x = 0; x < hint.width; ++x)
      hint.at(x, y) = place.contains(x + stack.box(0).x, y + stack.box(0).y) ? 1.f : 0.f;
  return hint;
}

struct Looked {
  CropStack with{{Layout::grey, 8}, picture, place.grown(20)}, without = with;
  std::vector<std::int64_t> with_pts, without_pts;
};

/// @param said  when the mark is thought to be there.
template <class Said>
Looked look(const Shown& shown, Said&& said) {
  Looked out;
  Random random(5);
  for (int t = 0; t < 60; ++t) {
    const Frame frame = frame_of(shown, t, shown.there(t), random);
    (said(t) ? out.with : out.without).add(frame);
    (said(t) ? out.with_pts : out.without_pts).push_back(t);
  }
  return out;
}

std::optional<StepPictures> pictures(const Looked& l) {
  return pictures_of_steps({l.with, l.with_pts}, {l.without, l.without_pts}, hint_of(l.with));
}

/// dB of luma under the mark, in a frame of the other scene.
double elsewhere(const Shown& shown, const Matte& m) {
  double error = 0, n = 0;
  for (int y = 0; y < m.box.height; ++y)
    for (int x = 0; x < m.box.width; ++x) {
      const int px = x + m.box.x, py = y + m.box.y;
      if (coverage(px, py) <= 0) continue;
      const auto i = static_cast<std::size_t>(y * m.box.width + x);
      const auto a = static_cast<double>(m.alpha[i]);
      const double j =
          (at(shown, px, py, 60, true) - a * static_cast<double>(m.colour[i])) / (1 - a);
      const double off = j - at(shown, px, py, 60, false);
      error += off * off, n += 1;
    }
  return 10 * std::log10(255. * 255. * n / error);
}

}  // namespace

TEST_CASE("a mark that comes and goes before a still camera is taken off any scene to come") {
  Shown shown;
  shown.alpha = GENERATE(.3, .5, .7);
  CAPTURE(shown.alpha);
  const Looked l = look(shown, shown.there);
  const auto steps = pictures(l);
  REQUIRE(steps);
  const SteppedMark mark = stepped_mark(*steps, l.with, hint_of(l.with), {});
  REQUIRE(mark.matte.model);
  CHECK(mark.matte.model->alpha_peak == Approx(shown.alpha).margin(.04));
  CHECK(mark.through == Approx(1 - shown.alpha).margin(.04));
  CHECK(elsewhere(shown, mark.matte.model->mattes[0]) > 30);  // untouched: 12 to 19 dB
  CHECK(left_by(*mark.matte.model, *steps) < .05);
  OverlayModel other = *mark.matte.model;
  for (float& a : other.mattes[0].alpha) a *= .6f;
  CHECK(left_by(other, *steps) > .3);
}

TEST_CASE("an opaque mark is seen to let nothing through") {
  Shown shown;
  shown.alpha = 1;
  const Looked l = look(shown, shown.there);
  const auto steps = pictures(l);
  REQUIRE(steps);
  const SteppedMark mark = stepped_mark(*steps, l.with, hint_of(l.with), {});
  REQUIRE(mark.matte.model);
  CHECK(mark.through < .1);
  CHECK(mark.matte.trust == 0);
}

TEST_CASE("where the scene moves on, its change is not taken for a mark's coming") {
  Shown shown;
  shown.speed = 2.3;
  CHECK_FALSE(pictures(look(shown, shown.there)));
}

TEST_CASE("trees that move before a still sky tell that the scene does not stand still") {
  Shown shown;
  shown.sky = true;
  const Looked still = look(shown, shown.there);
  const auto stays = pictures(still);
  REQUIRE(stays);
  CHECK(stays->stays > .95);
  const SteppedMark mark = stepped_mark(*stays, still.with, hint_of(still.with), {.5, .03});
  REQUIRE(mark.matte.model);
  OverlayModel known = *mark.matte.model;
  for (float& a : known.mattes[0].alpha) a *= .6f;
  CHECK_FALSE(told_better(known, *stays));

  shown.speed = 6;
  const auto moves = pictures(look(shown, shown.there));
  REQUIRE(moves);
  CHECK(moves->stays < .6);
  CHECK(told_better(known, *moves));
  // What is lost to the motion is not lost to the mark.
  StepPictures half = *stays;
  half.stays = .5;
  const double through = mark.through;
  CHECK(stepped_mark(half, still.with, hint_of(still.with), {}).through >= through);
}

TEST_CASE("a coming whose time is wrong does not weaken the mark") {
  const Shown shown;
  // It goes at 40, not at 46; the other step is right.
  const Looked l = look(shown, [](int t) { return t >= 20 && t < 46; });
  const auto steps = pictures(l);
  REQUIRE(steps);
  const SteppedMark mark = stepped_mark(*steps, l.with, hint_of(l.with), {});
  REQUIRE(mark.matte.model);
  CHECK(mark.matte.model->alpha_peak == Approx(shown.alpha).margin(.04));
}

TEST_CASE("another line of text at a mark's place is told from the mark's being away") {
  const bool other = GENERATE(false, true);
  CAPTURE(other);
  CropStack seen({Layout::grey, 8}, picture, place.grown(20));
  std::vector<FrameGain> gains;
  Random random(5);
  Shown mark, line;
  mark.alpha = line.alpha = 1, line.white = 20;
  for (int t = 0; t < 60; ++t) {
    const bool first = t >= 5 && t < 25, second = other && t >= 35 && t < 55;
    seen.add(frame_of(second ? line : mark, t, first || second, random));
    gains.push_back({first ? 1. : 0., .05});
  }
  CHECK(something_else_comes(seen, gains, hint_of(seen)) == other);
}

TEST_CASE("what passes behind a mark, or moves on from frame to frame, is no other line of text") {
  CropStack passes({Layout::grey, 8}, picture, place.grown(20)), moves = passes;
  std::vector<FrameGain> gains;
  Random random(5);
  Shown mark, thing;
  mark.alpha = thing.alpha = 1, thing.white = 20;
  for (int t = 0; t < 60; ++t) {
    const bool first = t >= 5 && t < 25;
    passes.add(frame_of(t == 40 ? thing : mark, t, first || t == 40, random));
    thing.alpha = std::clamp((t - 40) / 4., 0., 1.);
    moves.add(frame_of(t > 40 ? thing : mark, t, first || t > 40, random));
    thing.alpha = 1;
    gains.push_back({first ? 1. : 0., .05});
  }
  CHECK_FALSE(something_else_comes(passes, gains, hint_of(passes)));
  CHECK_FALSE(something_else_comes(moves, gains, hint_of(moves)));
}
