#include <cleanplate/preview.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <filesystem>
#include <string>

#include "frame/png.h"

using namespace cleanplate;

namespace {

Frame grey(Size size, int value) {
  Frame frame = *Frame::allocate({Layout::grey, 8}, size);
  const auto view = frame.writable(0);
  for (int y = 0; y < view.height; ++y)
    std::memset(view.data + y * view.stride, value, static_cast<std::size_t>(view.width));
  frame.colour.range = 2;
  return frame;
}

int red_at(const Picture& picture, int x, int y) { return *picture.at(x, y); }

}  // namespace

TEST_CASE("a preview shows its frames from the left, boxes drawn around what they hold") {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("cleanplate_preview_" + std::to_string(getpid())))
          .string();
  const Box box{4, 3, 5, 2};
  REQUIRE(
      write_preview(path, {{grey({20, 10}, 50), {{box, {255, 0, 0}}}}, {grey({6, 12}, 90), {}}}));
  const auto picture = read_png(path);
  std::filesystem::remove(path);
  REQUIRE(picture);
  REQUIRE(picture->size == Size{20 + 8 + 6, 12});
  for (int y = 0; y < 10; ++y)
    for (int x = 0; x < 20; ++x) {
      CAPTURE(x, y);
      const bool line = box.grown(1).contains(x, y) && !box.contains(x, y);
      REQUIRE(red_at(*picture, x, y) == (line ? 255 : 50));
    }
  REQUIRE(red_at(*picture, 24, 5) == 128);
  REQUIRE(red_at(*picture, 5, 11) == 128);
  REQUIRE(red_at(*picture, 28, 11) == 90);
  REQUIRE(red_at(*picture, 33, 0) == 90);
}

TEST_CASE("a preview of nothing, or to nowhere, is refused") {
  REQUIRE(write_preview("x.png", {}).error().code == Code::invalid_argument);
  REQUIRE(write_preview("x.png", {PreviewPane{}}).error().code == Code::invalid_argument);
  REQUIRE(write_preview("/no_such_folder/x.png", {{grey({4, 4}, 1), {}}}).error().code ==
          Code::unwritable);
}
