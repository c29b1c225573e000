// Where a text's lines come and go.
#include "detect/text_bands.h"

#include <catch2/catch.hpp>

using namespace cleanplate;

namespace {

constexpr Size picture{1280, 720};

PassingMark line(const Box& box, double from, double to) {
  PassingMark mark;
  mark.candidate.detection.box = box;
  mark.candidate.accepted = true;
  mark.stays = {{{from, to}, 0, 0}};
  return mark;
}
Candidate seen_by_network(const Box& box) {
  Candidate c;
  c.detection.box = box;
  c.detection.score = 1;
  c.accepted = c.by_looks = true;
  return c;
}

}  // namespace

TEST_CASE("lines at one height at different times are a band of text, with room beside them") {
  const std::vector<PassingMark> lines{line({400, 600, 300, 40}, 0, 1.5),
                                       line({350, 602, 420, 38}, 2, 3.5)};
  const auto bands = text_bands({}, lines, picture);
  REQUIRE(bands.size() == 1);
  REQUIRE(bands[0].accepted);
  REQUIRE(bands[0].detection.kind == "text");
  const Box& box = bands[0].detection.box;
  for (const PassingMark& mark : lines)
    REQUIRE(box.intersect(mark.candidate.detection.box) == mark.candidate.detection.box);
  REQUIRE(box.x < 350);
  REQUIRE(box.right() > 770);
}

TEST_CASE(
    "one line is a band where a network sees an overlay in all frames' mean, as large as that") {
  const std::vector<PassingMark> lines{line({400, 560, 300, 100}, 0, 1.5)};
  REQUIRE(text_bands({}, lines, picture).empty());
  const auto bands = text_bands({seen_by_network({360, 600, 400, 40})}, lines, picture);
  REQUIRE(bands.size() == 1);
  REQUIRE(bands[0].detection.box.height < 60);
}

TEST_CASE("marks that are there at once, or are no lines, are no band") {
  REQUIRE(
      text_bands({}, {line({400, 600, 300, 40}, 0, 2), line({350, 602, 420, 38}, 1, 3)}, picture)
          .empty());
  REQUIRE(text_bands({}, {line({400, 600, 50, 40}, 0, 1), line({400, 600, 50, 40}, 2, 3)}, picture)
              .empty());
  REQUIRE(
      text_bands({}, {line({100, 100, 300, 40}, 0, 1), line({100, 500, 300, 40}, 2, 3)}, picture)
          .empty());
}
