#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <string>

#include "detect/region_detector.h"
#include "detect/regions.h"
#include "frame/png.h"

using namespace cleanplate;

namespace {

constexpr Size hd{1920, 1080};

Box box_of(const char* text, Size size = hd) {
  const auto region = parse_region(text, size);
  INFO(text);
  REQUIRE(region);
  return region->detection.box;
}

/// A grey picture with filled boxes.
Picture marked(Size size, const std::vector<Box>& boxes) {
  Picture grey(size, 1);
  for (const auto& box : boxes)
    for (int y = box.y; y < box.bottom(); ++y)
      for (int x = box.x; x < box.right(); ++x) *grey.at(x, y) = 255;
  return grey;
}

}  // namespace

TEST_CASE("a told box is where it was told, from whichever corner") {
  REQUIRE(box_of("10,20,30,40") == Box{10, 20, 30, 40});
  REQUIRE(box_of("tl:10,20,30,40") == Box{10, 20, 30, 40});
  REQUIRE(box_of("tr:10,20,30,40") == Box{1880, 20, 30, 40});
  REQUIRE(box_of("bl:10,20,30,40") == Box{10, 1020, 30, 40});
  REQUIRE(box_of("br:24,24,180,60") == Box{1716, 996, 180, 60});
  REQUIRE(box_of("br:24,24,180,60", {640, 360}) == Box{436, 276, 180, 60});
}

TEST_CASE("a box that reaches out of the picture is cut to it") {
  REQUIRE(box_of("-10,1060,50,50") == Box{0, 1060, 40, 20});
  REQUIRE(box_of("br:0,0,4000,10") == Box{0, 1070, 1920, 10});
}

TEST_CASE("a region's times are seconds or clock times, open at either end") {
  const auto when = [](const char* text) {
    const auto region = parse_region(text, hd);
    INFO(text);
    REQUIRE(region);
    return region->when;
  };
  REQUIRE(when("1,2,3,4").holds(1e9));
  REQUIRE(when("1,2,3,4@1.5-3").from == 1.5);
  REQUIRE(when("1,2,3,4@1.5-3").to == 3);
  REQUIRE(when("br:1,2,3,4@1:02:03-1:2:4.5").from == 3723);
  REQUIRE(when("br:1,2,3,4@1:02:03-1:2:4.5").to == 3724.5);
  REQUIRE(when("1,2,3,4@2:00-").holds(1e9));
  REQUIRE_FALSE(when("1,2,3,4@2:00-").holds(119.9));
  REQUIRE(when("1,2,3,4@-5").holds(0));
  REQUIRE_FALSE(when("1,2,3,4@-5").holds(5));
}

TEST_CASE("a region that cannot be meant is refused with a sentence that repeats it") {
  for (const char* wrong : {"",
                            "1,2,3",
                            "1,2,3,4,5",
                            "1,2,3,4,",
                            "a,b,c,d",
                            "1,2,0,4",
                            "1,2,3,-4",
                            "1.5,2,3,4",
                            "5000,0,10,10",
                            "-50,0,50,10",
                            "xx:1,2,3,4",
                            "br:",
                            "1,2,3,4@",
                            "1,2,3,4@5",
                            "1,2,3,4@5-5",
                            "1,2,3,4@9-5",
                            "1,2,3,4@x-5",
                            "1,2,3,4@1:2:3:4-",
                            "1,2,3,4@1-2-3",
                            "1,2,3,4@1:-",
                            "1,2,3,4@-1:2:",
                            "1,2,3,4@-1--2",
                            "poly:",
                            "poly:1,1 2,2",
                            "poly:1,1 2,2 x,3",
                            "poly:5000,1 5001,1 5001,9",
                            "poly:1,1 1,1 1,1",
                            "99999999999,0,1,1",
                            "nan,0,1,1",
                            "1e3,0,1,1"}) {
    CAPTURE(wrong);
    const auto region = parse_region(wrong, hd);
    REQUIRE_FALSE(region);
    REQUIRE(region.error().code == Code::invalid_option);
    REQUIRE_THAT(region.error().message,
                 Catch::Contains("'" + std::string(wrong) + "'") && Catch::EndsWith("."));
  }
}

TEST_CASE("a polygon covers the samples whose centres are in it") {
  const auto square = parse_region("poly:10,20 14,20 14,23 10,23", hd);
  REQUIRE(square);
  REQUIRE(square->detection.box == Box{10, 20, 4, 3});
  for (const auto value : square->detection.mask->values) REQUIRE(value == 255);

  // The twin: which side of each edge of the triangle a centre lies on.
  const auto triangle = parse_region("poly:3,2 25.5,9 8,30@1-2", {40, 40});
  REQUIRE(triangle);
  REQUIRE(triangle->when.from == 1);
  const double px[] = {3, 25.5, 8}, py[] = {2, 9, 30};
  int inside = 0;
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 40; ++x) {
      bool in = true;
      for (int i = 0; i < 3; ++i) {
        const int j = (i + 1) % 3;
        in &= (px[j] - px[i]) * (y + .5 - py[i]) - (py[j] - py[i]) * (x + .5 - px[i]) > 0;
      }
      CAPTURE(x, y);
      REQUIRE((triangle->detection.mask->at(x, y) != 0) == in);
      inside += in;
    }
  REQUIRE(inside > 200);
}

TEST_CASE("a polygon that reaches out of the picture is cut to it") {
  const auto region = parse_region("poly:-10,-10 5,-10 5,5 -10,5", hd);
  REQUIRE(region);
  REQUIRE(region->detection.box == Box{0, 0, 5, 5});
}

TEST_CASE("a mask gives one region for each thing, letters of a word together") {
  const std::vector<Box> letters{{20, 10, 6, 10}, {29, 10, 6, 10}, {38, 10, 6, 12}};
  auto boxes = letters;
  boxes.push_back({150, 80, 10, 10});
  const auto regions = mask_regions(marked({200, 120}, boxes));
  REQUIRE(regions.size() == 2);
  REQUIRE(regions[0].detection.box == Box{20, 10, 24, 12});
  REQUIRE(regions[1].detection.box == Box{150, 80, 10, 10});
  for (int y = 0; y < 120; ++y)
    for (int x = 0; x < 120; ++x) {
      bool in = false;
      for (const auto& letter : letters) in |= letter.contains(x, y);
      REQUIRE((regions[0].detection.mask->at(x, y) == 255) == in);
    }
}

TEST_CASE("a mask of touching diagonals is one region, and one of noise is read at once") {
  Picture diagonal({64, 64}, 1);
  for (int i = 0; i < 64; ++i) *diagonal.at(i, i) = *diagonal.at(63 - i, i) = 200;
  REQUIRE(mask_regions(diagonal).size() == 1);
  Picture checks({1920, 1080}, 1);
  for (int y = 0; y < 1080; y += 40)
    for (int x = 0; x < 1920; x += 40) *checks.at(x, y) = 255;
  REQUIRE(mask_regions(checks).size() == 27 * 48);
  REQUIRE(mask_regions(Picture({5, 5}, 1)).empty());
}

TEST_CASE("regions and a mask file are told together, a mask of another size is refused") {
  const auto path = (std::filesystem::temp_directory_path() /
                     ("cleanplate_mask_" + std::to_string(getpid()) + ".png"))
                        .string();
  REQUIRE(write_png(path, marked({100, 80}, {{10, 10, 20, 20}})));
  Options options;
  options.region = {"tr:0,0,5,5"};
  options.mask = path;
  const auto regions = told_regions(options, {100, 80});
  REQUIRE(regions);
  REQUIRE(regions->size() == 2);
  REQUIRE((*regions)[1].detection.box == Box{10, 10, 20, 20});

  const auto other = told_regions(options, {200, 80});
  REQUIRE(other.error().code == Code::invalid_option);
  REQUIRE_THAT(other.error().message, Catch::Contains("100x80") && Catch::Contains("200x80"));
  REQUIRE(write_png(path, Picture({100, 80}, 1)));
  REQUIRE(told_regions(options, {100, 80}).error().code == Code::invalid_option);
  std::remove(path.c_str());
  REQUIRE(told_regions(options, {100, 80}).error().code == Code::not_found);
  REQUIRE(told_regions(Options{}, {100, 80})->empty());
}

TEST_CASE("the region detector sees what it was told, in each frame of its time") {
  std::vector<Region> regions{*parse_region("1,2,3,4", hd), *parse_region("9,9,3,4@1-2", hd)};
  RegionDetector detector(regions, {1, 1000});
  Detections out;
  REQUIRE(*detector.pull(out) == Flow::again);
  Frame frame = *Frame::allocate({}, {8, 8});
  for (int i = 0; i < 50; ++i) {
    frame.pts = 5000 + i * 100;
    REQUIRE(*detector.push(frame) == Flow::ok);
  }
  REQUIRE(detector.push(frame).error().code == Code::bad_order);
  REQUIRE(*detector.flush() == Flow::ok);
  for (int i = 0; i < 50; ++i) {
    REQUIRE(*detector.pull(out) == Flow::ok);
    REQUIRE(out.pts == 5000 + i * 100);
    REQUIRE(out.seen.size() == (i >= 10 && i < 20 ? 2U : 1U));
  }
  REQUIRE(*detector.pull(out) == Flow::end);
  REQUIRE(detector.candidates().size() == 2);
}
