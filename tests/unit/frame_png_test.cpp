#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/random.h"
#include "frame/png.h"
#include "frame/rgb.h"

using namespace cleanplate;

namespace {

/// A name in the temporary folder; the file goes with the object.
struct TemporaryPath {
  std::string path;
  TemporaryPath() {
    path = (std::filesystem::temp_directory_path() / "cleanplate_png_XXXXXX").string();
    const int fd = mkstemp(path.data());
    REQUIRE(fd >= 0);
    close(fd);
  }
  TemporaryPath(const TemporaryPath&) = delete;
  TemporaryPath& operator=(const TemporaryPath&) = delete;
  ~TemporaryPath() { std::filesystem::remove(path); }
};

Picture noise(Size size, int channels) {
  Picture picture(size, channels);
  Random random(7);
  for (auto& sample : picture.samples) sample = static_cast<std::uint8_t>(random.below(256));
  return picture;
}

Frame flat(PixelFormat format, int y, int cb, int cr, Colour colour) {
  Frame frame = *Frame::allocate(format, {5, 3});
  const int values[] = {y, cb, cr};
  for (int c = 0; c < format.components(); ++c) {
    const auto view = frame.writable(c);
    for (int row = 0; row < view.height; ++row)
      for (int x = 0; x < view.width; ++x) {
        std::byte* to = view.data + row * view.stride + x * view.step * format.bytes_per_sample();
        const auto value = static_cast<std::uint16_t>(values[c] << format.sample_shift());
        if (format.bits > 8)
          std::memcpy(to, &value, 2);
        else
          *to = static_cast<std::byte>(value);
      }
  }
  frame.colour = colour;
  return frame;
}

}  // namespace

TEST_CASE("a picture written as PNG is read back, sample for sample") {
  const TemporaryPath file;
  const Picture grey = noise({17, 9}, 1), rgb = noise({17, 9}, 3), rgba = noise({17, 9}, 4);
  REQUIRE(write_png(file.path, grey));
  REQUIRE(read_png_grey(file.path)->samples == grey.samples);

  REQUIRE(write_png(file.path, rgb));
  const auto read = read_png(file.path);
  REQUIRE(read);
  REQUIRE(read->size == Size{17, 9});
  for (int y = 0; y < 9; ++y)
    for (int x = 0; x < 17; ++x) {
      REQUIRE(std::memcmp(read->at(x, y), rgb.at(x, y), 3) == 0);
      REQUIRE(read->at(x, y)[3] == 255);
    }

  REQUIRE(write_png(file.path, rgba));
  REQUIRE(read_png(file.path)->samples == rgba.samples);
}

TEST_CASE("what is transparent is black in a mask") {
  const TemporaryPath file;
  Picture rgba({2, 1}, 4);
  rgba.samples = {255, 255, 255, 0, 255, 255, 255, 255};
  REQUIRE(write_png(file.path, rgba));
  REQUIRE(read_png_grey(file.path)->samples == std::vector<std::uint8_t>{0, 255});
}

TEST_CASE("a file that is no PNG, is cut short or is not there is a sentence") {
  const TemporaryPath file;
  REQUIRE(read_png(file.path).error().code == Code::unreadable);  // empty
  std::ofstream(file.path) << "This is text, and a good deal of it, but no picture.";
  REQUIRE(read_png(file.path).error().code == Code::unreadable);
  REQUIRE(write_png(file.path, noise({64, 64}, 3)));
  std::filesystem::resize_file(file.path, 2000);
  const auto cut = read_png(file.path);
  REQUIRE_FALSE(cut);
  REQUIRE(cut.error().code == Code::unreadable);
  REQUIRE_THAT(cut.error().message, Catch::Contains(file.path) && Catch::EndsWith("."));
  REQUIRE(read_png(file.path + ".none").error().code == Code::not_found);
  REQUIRE(read_png(std::filesystem::temp_directory_path().string()).error().code ==
          Code::unreadable);
}

TEST_CASE("a picture that cannot be written is a sentence, and leaves nothing") {
  const auto result = write_png("/no_such_folder/p.png", noise({4, 4}, 3));
  REQUIRE(result.error().code == Code::unwritable);
  REQUIRE_THAT(result.error().message, Catch::Contains("/no_such_folder/p.png"));
  if (std::filesystem::exists("/dev/full")) {
    // A link, so that clearing up takes away the link and not the device.
    const TemporaryPath file;
    std::filesystem::remove(file.path);
    std::filesystem::create_symlink("/dev/full", file.path);
    REQUIRE(write_png(file.path, noise({400, 400}, 3)).error().code == Code::disk_full);
    REQUIRE_FALSE(std::filesystem::exists(std::filesystem::symlink_status(file.path)));
  }
}

TEST_CASE("a preview has the colours that matrix, range and depth mean") {
  struct Case {
    int y, cb, cr, bits;
    Colour colour;
    int red, green, blue;
  };
  // Code values of pure colours from ITU-R BT.601, BT.709 and BT.2020 tables.
  const Case c = GENERATE(Case{16, 128, 128, 8, {1, 2, 2, 6, 0}, 0, 0, 0},
                          Case{235, 128, 128, 8, {1, 2, 2, 6, 0}, 255, 255, 255},
                          Case{81, 90, 240, 8, {1, 2, 2, 6, 0}, 255, 0, 0},
                          Case{145, 54, 34, 8, {1, 2, 2, 6, 0}, 0, 255, 0},
                          Case{63, 102, 240, 8, {1, 2, 2, 1, 0}, 255, 0, 0},
                          Case{32, 240, 118, 8, {1, 2, 2, 1, 0}, 0, 0, 255},
                          Case{128, 128, 128, 8, {2, 2, 2, 1, 0}, 128, 128, 128},
                          Case{940, 512, 512, 10, {1, 2, 2, 9, 0}, 255, 255, 255},
                          Case{294, 387, 960, 10, {1, 2, 2, 9, 0}, 255, 0, 0});
  const Layout layout =
      GENERATE(Layout::yuv420, Layout::yuv422, Layout::yuv444, Layout::nv12, Layout::grey);
  if (layout == Layout::grey && (c.red != c.green || c.green != c.blue)) return;
  CAPTURE(c.y, c.bits, static_cast<int>(layout));
  const auto picture = to_rgb(flat({layout, c.bits}, c.y, c.cb, c.cr, c.colour));
  REQUIRE(picture);
  REQUIRE(picture->size == Size{5, 3});
  for (int y = 0; y < 3; ++y)
    for (int x = 0; x < 5; ++x) {
      const auto* rgb = picture->at(x, y);
      // Pure colours' code values are themselves rounded: up to 2 levels.
      REQUIRE(std::abs(rgb[0] - c.red) <= 2);
      REQUIRE(std::abs(rgb[1] - c.green) <= 2);
      REQUIRE(std::abs(rgb[2] - c.blue) <= 2);
    }
}

TEST_CASE("planes that are G, B and R are shown as they are") {
  const auto picture = to_rgb(flat({Layout::yuv444, 8}, 10, 20, 30, {2, 1, 1, 0, 0}));
  REQUIRE(picture);
  REQUIRE(std::vector<int>(picture->at(0, 0), picture->at(0, 0) + 3) ==
          std::vector<int>{30, 10, 20});
  REQUIRE(to_rgb(Frame{}).error().code == Code::invalid_argument);
}
