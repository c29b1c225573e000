#include <cmath>

#include "detect/letterbox_batch.h"
#include "every_device.h"
#include "frame/card_format.h"
#include "frame/colour_codes.h"
#include "frame/letterbox_pixel.h"

using namespace cleanplate;

namespace {

/// Down: each sample is repeated so often that every result sample covers whole ones. Up: by the
/// distance of the centres.
double sampled(const std::vector<double>& row, int i, int result) {
  const auto from = static_cast<int>(row.size());
  if (from > result) {
    double sum = 0;
    for (int part = i * from; part < (i + 1) * from; ++part)
      sum += row[static_cast<std::size_t>(part / result)];
    return sum / from;
  }
  const double at = (i + .5) * from / result - .5;
  double sum = 0, weights = 0;
  for (int s = 0; s < from; ++s) {
    const double weight = std::max(0., 1 - std::abs(at - s));
    sum += weight * row[static_cast<std::size_t>(s)], weights += weight;
  }
  return sum / weights;
}

struct Case {
  PixelFormat format;
  Size size;
  int side;
  Colour colour;
};

std::vector<Case> cases() {
  Colour narrow, full;
  narrow.matrix = 1, narrow.range = 1;
  full.matrix = 6, full.range = 2;
  Colour gbr = full;
  gbr.matrix = 0;
  return {{{Layout::yuv420, 8}, {65, 17}, 32, narrow}, {{Layout::yuv420, 10}, {31, 44}, 32, full},
          {{Layout::nv12, 8}, {34, 20}, 32, narrow},   {{Layout::nv12, 10}, {40, 22}, 64, {}},
          {{Layout::yuv422, 8}, {33, 9}, 40, full},    {{Layout::yuv444, 12}, {7, 90}, 32, gbr},
          {{Layout::yuv444, 16}, {45, 45}, 32, full},  {{Layout::grey, 8}, {1, 3}, 32, narrow},
          {{Layout::yuv420, 8}, {32, 18}, 32, narrow}, {{Layout::yuv420, 8}, {200, 3}, 33, full}};
}

/// About grey, so that few colours are cut off.
Frame frame_of(const Case& c) {
  Random random(3);
  Frame frame = must(Frame::allocate(c.format, c.size));
  frame.colour = c.colour;
  for (int k = 0; k < c.format.components(); ++k) {
    const MutableComponentView v = frame.writable(k);
    const int middle = 1 << (c.format.bits - 1), spread = middle / 2;
    for (int y = 0; y < v.height; ++y)
      for (int x = 0; x < v.width; ++x) {
        const int value = (middle - spread / 2 + random.below(spread)) << c.format.sample_shift();
        auto* at = v.data + y * v.stride + x * v.step * c.format.bytes_per_sample();
        at[0] = static_cast<std::byte>(value & 255);
        if (c.format.bits > 8) at[1] = static_cast<std::byte>(value >> 8);
      }
  }
  return frame;
}

/// A component's code values on the luma grid, as far as they go.
double code_at(const Frame& frame, int component, int x, int y) {
  const PixelFormat f = frame.format();
  const ComponentView v = frame.component(component);
  if (component) x >>= f.chroma_shift_x(), y >>= f.chroma_shift_y();
  const auto* at = v.data + y * v.stride + x * v.step * f.bytes_per_sample();
  int word = std::to_integer<int>(at[0]);
  if (f.bits > 8) word |= std::to_integer<int>(at[1]) << 8;
  return word >> f.sample_shift();
}

/// Rows first, then columns, each component for itself; colours last.
std::vector<std::array<double, 3>> slowly(const Frame& frame, const Letterbox& square) {
  const Size size = frame.size();
  const PixelFormat f = frame.format();
  const bool gbr = frame.colour.matrix == 0 && f.layout == Layout::yuv444;
  const auto side = static_cast<std::size_t>(square.side);
  std::vector<std::array<double, 3>> out(side * side, {114. / 255, 114. / 255, 114. / 255});
  std::array<std::vector<std::vector<double>>, 3> fitted;
  for (int k = 0; k < f.components(); ++k)
    for (int y = 0; y < size.height; ++y) {
      std::vector<double> row, narrow;
      for (int x = 0; x < size.width; ++x) row.push_back(code_at(frame, k, x, y));
      for (int x = 0; x < square.width; ++x) narrow.push_back(sampled(row, x, square.width));
      fitted[static_cast<std::size_t>(k)].push_back(narrow);
    }
  for (int y = 0; y < square.height; ++y)
    for (int x = 0; x < square.width; ++x) {
      std::array<double, 3> value{};
      for (int k = 0; k < f.components(); ++k) {
        std::vector<double> column;
        for (const auto& row : fitted[static_cast<std::size_t>(k)])
          column.push_back(row[static_cast<std::size_t>(x)]);
        const CodeScale s = code_scale(gbr ? 0 : k, f.bits, frame.colour.range == 2);
        value[static_cast<std::size_t>(k)] = (sampled(column, y, square.height) - s.zero) / s.span;
      }
      std::array<double, 3> rgb =
          gbr ? std::array{value[2], value[0], value[1]}
              : rgb_of(value, luma_weights(frame.colour.matrix, size.height));
      for (double& v : rgb) v = std::clamp(v, 0., 1.);
      out[static_cast<std::size_t>(y + square.top) * side +
          static_cast<std::size_t>(x + square.left)] = rgb;
    }
  return out;
}

}  // namespace

TEST_CASE("a frame of any kind is fitted into a square, centred and grey beside, on every device") {
  for (const Case& c : cases()) {
    const Frame frame = frame_of(c);
    const Letterbox square = letterbox(c.size, c.side);
    const auto wanted = slowly(frame, square);
    std::vector<float> first;
    for (const Device& device : every_device()) {
      CAPTURE(device.name(), c.size.width, c.size.height, c.format.bits, c.side);
      Stream stream = must(device.core().stream());
      auto batch = must(LetterboxBatch::create(device, square, 3));
      must(batch.lay(stream, 1, frame));  // the second of three
      const auto n = static_cast<std::size_t>(c.side) * static_cast<std::size_t>(c.side);
      std::vector<float> made(3 * n);
      const auto rows = batch.pictures().rows(1, 1);
      must(stream.download(made.data(), rows.stride, rows));
      must(stream.wait());
      host_touches(device, frame, Touch::write);
      REQUIRE(violations(device).empty());
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t k = 0; k < 3; ++k)
          // A float's own step is 6e-8.
          if (std::abs(static_cast<double>(made[k * n + i]) - wanted[i][k]) > 1e-6) {
            CAPTURE(i, k, made[k * n + i], wanted[i][k]);
            FAIL("another value");
          }
      if (first.empty()) first = made;
      REQUIRE((made == first));
    }
  }
}

TEST_CASE("a square's places are the picture's") {
  const Letterbox box = letterbox({200, 100}, 64);
  REQUIRE((box.width == 64 && box.height == 32 && box.left == 0 && box.top == 16));
  REQUIRE(box.picture_x(32) == Approx(100));
  REQUIRE(box.picture_y(32) == Approx(50));
}
