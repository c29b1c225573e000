// A mark of which the brightness shows only a part.
#include <catch2/catch.hpp>

#include "detect/hue_edges.h"
#include "detect/static_candidates.h"

using namespace cleanplate;

namespace {

constexpr Size picture{320, 240};

/// 4:2:0; a blue disc of 30 chroma samples round (80, 60), `deep` levels from grey.
std::array<Field, 2> disc(float deep) {
  std::array<Field, 2> out{Field(160, 120, 128), Field(160, 120, 128)};
  for (int y = 0; y < 120; ++y)
    for (int x = 0; x < 160; ++x)
      if ((x - 80) * (x - 80) + (y - 60) * (y - 60) < 15 * 15)
        out[0].at(x, y) += deep, out[1].at(x, y) -= deep / 2;
  return out;
}

Candidate place(const Box& box) {
  Candidate out;
  out.detection.box = box;
  out.detection.score = .9;
  out.accepted = true;
  return out;
}

/// Of which edges stay so well.
StaticEdges scene(float consistency) {
  StaticEdges edges;
  edges.consistency = Field(picture.width, picture.height, consistency);
  edges.strength = Field(picture.width, picture.height, 1);
  edges.change = Field(picture.width, picture.height, 6);
  return edges;
}

}  // namespace

TEST_CASE("a place grows to where its hue ends, and takes in what lies there") {
  std::vector<Candidate> found{place({146, 112, 28, 20}), place({140, 134, 10, 6}),
                               place({10, 10, 30, 20})};
  grow_by_hue(disc(20), picture, found);
  const Box& box = found[0].detection.box;
  CHECK(iou(box, {130, 90, 60, 60}) > .8);
  CHECK(found[0].accepted);
  CHECK_FALSE(found[1].accepted);
  CHECK(found[2].detection.box == Box{10, 10, 30, 20});
}

TEST_CASE("a place stays as it is where no hue goes on") {
  const Box box{146, 112, 28, 20};
  for (const float deep : {0.f, 1.f}) {
    std::vector<Candidate> found{place(box)};
    grow_by_hue(disc(deep), picture, found);
    CHECK(found[0].detection.box == box);
  }
  std::vector<Candidate> found{place(box)};
  grow_by_hue({}, picture, found);
  CHECK(found[0].detection.box == box);
  found[0].detection.score = .5;  // more scenery would prove nothing
  grow_by_hue(disc(20), picture, found);
  CHECK(found[0].detection.box == box);
}

TEST_CASE("scenery of many hues is no part of a mark") {
  std::array<Field, 2> chroma{Field(160, 120, 128), Field(160, 120, 128)};
  for (int y = 0; y < 120; ++y)
    for (int x = 0; x < 160; ++x) chroma[0].at(x, y) += (x / 8 + y / 8) % 2 ? 15.f : -15.f;
  const Box box{146, 112, 28, 20};
  std::vector<Candidate> found{place(box)};
  grow_by_hue(chroma, picture, found);
  CHECK(found[0].detection.box == box);
}

TEST_CASE("a mark on the border of two hues of the scene does not grow along it") {
  std::array<Field, 2> chroma{Field(160, 120, 128), Field(160, 120, 128)};
  for (int y = 0; y < 120; ++y)
    for (int x = 0; x < 160; ++x)
      if (x > 60 && x < 100 && y > 45 && y < 90) chroma[0].at(x, y) += x < 80 ? 15.f : -15.f;
  const Box box{146, 112, 28, 20};
  std::vector<Candidate> found{place(box)};
  grow_by_hue(chroma, picture, found);
  CHECK(found[0].detection.box == box);
}

TEST_CASE("what the picture's edge cuts is no part of a mark") {
  std::array<Field, 2> chroma{Field(160, 120, 128), Field(160, 120, 128)};
  for (int y = 0; y < 42; ++y)
    for (int x = 75; x < 85; ++x) chroma[0].at(x, y) += 20;
  const Box box{146, 60, 28, 18};
  std::vector<Candidate> found{place(box)};
  grow_by_hue(chroma, picture, found);
  CHECK(found[0].detection.box == box);
}

TEST_CASE("a mark that its hue alone outlines before a scene that moves asks for a proof") {
  std::vector<Candidate> found;
  find_by_hue(disc(20), scene(.2f), picture, found);
  REQUIRE(found.size() == 1);
  CHECK(found[0].accepted);
  CHECK_FALSE(surely_found(found[0]));
  CHECK(iou(found[0].detection.box, {130, 90, 60, 60}) > .8);

  find_by_hue(disc(20), scene(.2f), picture, found);
  CHECK(found.size() == 1);  // it is known
}

TEST_CASE("what hue outlines is not looked at in a still scene, or if it is weak") {
  std::vector<Candidate> found;
  find_by_hue(disc(20), scene(2), picture, found);
  find_by_hue(disc(1), scene(.2f), picture, found);
  find_by_hue({}, scene(.2f), picture, found);
  CHECK(found.empty());
}
