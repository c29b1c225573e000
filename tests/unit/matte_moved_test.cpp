// A model and its mask between samples, and a mark followed through made frames.
#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.h"
#include "detect/edge_history.h"
#include "detect/mark_path.h"
#include "detect/path_refiner.h"
#include "matte/moved_model.h"

using namespace cleanplate;

namespace {

OverlayModel square(int x, int y) {
  OverlayModel model;
  Matte& m = model.mattes[0];
  m.box = {x, y, 4, 4};
  m.alpha.assign(16, .5f);
  m.colour.assign(16, 200.f);
  m.trust.assign(16, 1.f);
  return model;
}

double ink(double u, double v) {
  if (u < 0 || v < 0 || u >= 60 || v >= 32) return 0;
  return .5 * std::clamp(.5 + std::sin(u / 2.3 + v / 7) + std::sin(v / 2.9 - u / 11), 0., 1.);
}

Frame scene(int n, double x0, double y0) {
  auto frame = Frame::allocate({Layout::grey, 8}, {320, 180});
  REQUIRE(frame);
  const auto to = frame->writable(0);
  for (int y = 0; y < 180; ++y)
    for (int x = 0; x < 320; ++x) {
      const double u = x + 2.2 * n, v = y + .7 * n;
      const double bare = 110 + 30 * std::sin(u / 9) + 25 * std::sin(v / 7 + u / 23);
      const double a = ink(x - x0, y - y0);
      to.data[y * to.stride + x] = static_cast<std::byte>(std::lround(a * 235 + (1 - a) * bare));
    }
  frame->pts = n;
  return *std::move(frame);
}

/// The same scene with the mark in Cb alone, as bright as what it lies on.
Frame coloured_scene(int n, double x0, double y0) {
  auto frame = Frame::allocate({Layout::yuv444, 8}, {320, 180});
  REQUIRE(frame);
  const Frame bare = scene(n, -1000, -1000);
  const ComponentView from = bare.component(0);
  const auto luma = frame->writable(0), cb = frame->writable(1), cr = frame->writable(2);
  for (int y = 0; y < 180; ++y)
    for (int x = 0; x < 320; ++x) {
      luma.data[y * luma.stride + x] = from.data[y * from.stride + x];
      cb.data[y * cb.stride + x] =
          static_cast<std::byte>(std::lround(120 + 70 * ink(x - x0, y - y0)));
      cr.data[y * cr.stride + x] = std::byte{128};
    }
  frame->pts = n;
  return *std::move(frame);
}

/// Boxes of all sizes that sway, behind a ring and a disc.
Frame swaying_scene(int n, double x0, double y0) {
  auto frame = Frame::allocate({Layout::grey, 8}, {320, 180});
  REQUIRE(frame);
  const auto to = frame->writable(0);
  std::vector<double> bare(320 * 180, 90);
  Random random(5);
  for (int k = 0; k < 300; ++k) {
    const int sway = static_cast<int>(std::lround(2 * std::sin(n / 6. + k)));
    const int left = random.below(300) + sway, top = random.below(170),
              right = left + 8 + random.below(50), bottom = top + 6 + random.below(30),
              level = 80 + random.below(80);
    for (int y = top; y < std::min(180, bottom); ++y)
      for (int x = std::max(0, left); x < std::min(320, right); ++x)
        bare[static_cast<std::size_t>(320 * y + x)] = level;
  }
  for (int y = 0; y < 180; ++y)
    for (int x = 0; x < 320; ++x) {
      const double r = std::hypot(x - x0 - 32, y - y0 - 32),
                   b = std::hypot(x - x0 - 88, y - y0 - 32);
      const double a = .3 * (std::clamp(28 - r, 0., 1.) - std::clamp(14 - r, 0., 1.) +
                             std::clamp(24 - b, 0., 1.));
      const double there = bare[static_cast<std::size_t>(320 * y + x)];
      to.data[y * to.stride + x] = static_cast<std::byte>(std::lround(a * 235 + (1 - a) * there));
    }
  return *std::move(frame);
}

}  // namespace

TEST_CASE("a model moved by whole samples is the same model at another place") {
  const auto moved = moved_model(square(10, 10), {3, -2}, {Layout::grey, 8}, {64, 64});
  const Matte& m = moved->mattes[0];
  for (int y = 0; y < 20; ++y)
    for (int x = 0; x < 20; ++x) {
      if (!m.box.contains(x, y)) continue;
      const auto k = static_cast<std::size_t>((y - m.box.y) * m.box.width + x - m.box.x);
      const bool in = Box{13, 8, 4, 4}.contains(x, y);
      CHECK(m.alpha[k] == (in ? .5f : 0.f));
      if (in) CHECK(m.colour[k] == 200.f);
    }
}

TEST_CASE("a model moved by half a sample keeps its colour and all its paint") {
  const auto moved = moved_model(square(10, 10), {.5, .5}, {Layout::grey, 8}, {64, 64});
  double sum = 0;
  for (std::size_t k = 0; k < moved->mattes[0].alpha.size(); ++k) {
    sum += static_cast<double>(moved->mattes[0].alpha[k]);
    if (moved->mattes[0].alpha[k] > 0) CHECK(moved->mattes[0].colour[k] == Approx(200));
  }
  // Each way a sixteenth more at either end, as what overshoots below none is none.
  CHECK(sum == Approx(.5 * 4.125 * 4.125));
}

TEST_CASE("a model and a mask that leave the picture are cut off there") {
  const auto moved = moved_model(square(10, 10), {-12.5, 0}, {Layout::grey, 8}, {64, 64});
  CHECK(moved->mattes[0].box.x == 0);
  const Mask mask{{10, 10, 2, 2}, {255, 255, 255, 255}};
  const auto laid = moved_mask(mask, {-10.5, .25}, {64, 64});
  CHECK(laid->box == Box{0, 10, 2, 3});
  CHECK(laid->at(0, 12) == 255);
}

TEST_CASE("a mark that bounces is followed to parts of a sample from one told place") {
  constexpr int frames = 54;
  const auto x_of = [](int n) { return n < 32 ? 20 + 2.37 * n : 20 + 2.37 * (64 - n); };
  const auto y_of = [](int n) { return 24 + 1.13 * n; };
  struct From {
    Frame (*scene)(int, double, double);
    int start;
  };
  const auto [made, start] = GENERATE(From{scene, 0}, From{scene, 44}, From{coloured_scene, 0});
  CAPTURE(start);
  const Box told{static_cast<int>(std::lround(x_of(start))),
                 static_cast<int>(std::lround(y_of(start))), 60, 32};
  PathFinder finder({320, 180}, told);
  for (int n = 0; n < frames; ++n) finder.add(made(n, x_of(n), y_of(n)));
  PathRefiner refiner(told, finder.path(static_cast<std::size_t>(start)));
  for (int n = 0; n < frames; ++n) refiner.add(made(n, x_of(n), y_of(n)));
  REQUIRE(!refiner.settle());
  const auto path = refiner.path();
  REQUIRE(path.size() == frames);
  double squares = 0;
  for (int n = 0; n < frames; ++n) {
    CAPTURE(n);
    const PathPoint& p = path[static_cast<std::size_t>(n)];
    REQUIRE(p.there);
    // The whole path may lie a part of a sample aside: the told box was whole samples.
    const double ex = p.x - x_of(n) - (path[20].x - x_of(20)),
                 ey = p.y - y_of(n) - (path[20].y - y_of(20));
    squares += ex * ex + ey * ey;
  }
  CHECK(std::sqrt(squares / frames) < .3);
}

TEST_CASE("an edge that stays nearly always is left out, one that went is not") {
  constexpr int frames = 96;
  EdgeHistory history({40, 20}, 1, EdgesOf::luma);
  for (int n = 0; n < frames; ++n) {
    auto frame = Frame::allocate({Layout::grey, 8}, {40, 20});
    REQUIRE(frame);
    const auto to = frame->writable(0);
    for (int y = 0; y < 20; ++y)
      for (int x = 0; x < 40; ++x)
        to.data[y * to.stride + x] =
            std::byte(50 + (x < 10 ? 100 : 0) + (x > 30 && n < 60 ? 100 : 0));
    history.add(*frame);
  }
  const Edges edges = history.edges(0);
  CHECK(std::fabs(edges.x.at(10, 9)) < 1);
  CHECK(edges.x.at(30, 9) > 100);
}

TEST_CASE("what goes along within a box but not round it stands out") {
  Edges picture({40, 30});
  Random random(3);
  MeanEdges apart({20, 16}), together({20, 16});
  for (int n = 0; n < 12; ++n) {
    for (std::size_t i = 0; i < picture.x.size(); ++i)
      picture.x.values[i] = static_cast<float>(random.below(200) - 100);
    for (int y = 10; y < 18; ++y)
      for (int x = 8; x < 20; ++x) picture.x.at(x, y) = x % 3 ? 80 : -80;
    apart.add(picture, 4, 6);
    for (int y = 0; y < 30; ++y)
      for (int x = 0; x < 40; ++x) picture.x.at(x, y) = x % 3 ? 80 : -80;
    together.add(picture, 4, 6);
  }
  CHECK(apart.kept(4).apart() > .7);
  CHECK(together.kept(4).apart() < .3);
}

TEST_CASE("a mark that drifts slowly before a scene that stays is followed") {
  constexpr int frames = 100;
  const auto x_of = [](int n) { return 60 + .17 * n; };
  const Box told{60, 40, 120, 64};
  PathFinder finder({320, 180}, told);
  for (int n = 0; n < frames; ++n) finder.add(swaying_scene(n, x_of(n), 40));
  PathRefiner refiner(told, finder.path(0));
  for (int n = 0; n < frames; ++n) refiner.add(swaying_scene(n, x_of(n), 40));
  REQUIRE(!refiner.settle());
  const auto path = refiner.path();
  REQUIRE(path.size() == frames);
  for (int n = 0; n < frames; ++n) {
    CAPTURE(n);
    const PathPoint& p = path[static_cast<std::size_t>(n)];
    REQUIRE(p.there);
    const double aside = path[20].x - x_of(20);  // as above
    CHECK(std::hypot(p.x - x_of(n) - aside, p.y - path[20].y) < .8);
    CHECK(std::fabs(aside) < 3);
  }
}

TEST_CASE("a long path is followed in parts, and refined by some of its frames all along") {
  constexpr int frames = 105, part = 35, kept = 21;
  const auto turning = [](double way, double side) {
    const double within = std::fmod(way, 2 * side);
    return within < side ? within : 2 * side - within;
  };
  const auto x_of = [&](int n) { return 20 + turning(2.37 * n, 220); };
  const auto y_of = [&](int n) { return 24 + turning(1.13 * n, 110); };
  const Box told{20, 24, 60, 32};
  PathFinder finder({320, 180}, told);
  std::vector<PathPoint> way;
  for (int n = 0; n < frames; ++n) {
    finder.add(scene(n, x_of(n), y_of(n)));
    if (finder.frames() < part) continue;
    const auto found = way.empty() ? finder.path(0) : finder.path_on();
    way.insert(way.end(), found.begin(), found.end());
    finder.next_part();
  }
  REQUIRE(way.size() == frames);
  for (int n = 0; n < frames; ++n) {
    CAPTURE(n);
    const PathPoint& p = way[static_cast<std::size_t>(n)];
    REQUIRE(p.there);
    CHECK(std::hypot(p.x - x_of(n), p.y - y_of(n)) < 1.5);
  }
  // As a coarser grid would have it: aside for ten frames, to the other side for the next ten.
  for (int n = 0; n < frames; ++n)
    way[static_cast<std::size_t>(n)].y += n / 10 % 2 == 0 ? 1.8 : -1.8;
  PathRefiner refiner(told, way, kept);
  for (int n = 0; n < frames; ++n) refiner.add(scene(n, x_of(n), y_of(n)));
  REQUIRE(refiner.settle());
  for (int n = 0; n < frames; ++n) refiner.place(scene(n, x_of(n), y_of(n)));
  const auto path = refiner.path();
  double squares = 0;
  for (int n = 0; n < frames; ++n) {
    const PathPoint& p = path[static_cast<std::size_t>(n)];
    const double ex = p.x - x_of(n) - (path[20].x - x_of(20)),
                 ey = p.y - y_of(n) - (path[20].y - y_of(20));
    squares += ex * ex + ey * ey;
  }
  CHECK(std::sqrt(squares / frames) < .3);
}
