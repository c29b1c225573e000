#include "frame/logo_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace cleanplate {

namespace {

// char[28] version; uint32 big-endian number of logos; then for each a header and its pixels.
// Header: char name[32] (0.2: [256]); int16 x, y, height, width, fade-in, fade-out, start, end;
// (0.2: 240 bytes reserved). Pixel: int16 opacity and colour of Y, Cb, Cr. All but the number of
// logos is little-endian.
constexpr std::string_view version_1 = "<logo data file ver0.1",
                           version_2 = "<logo data file ver0.2";
constexpr std::size_t version_bytes = 28, begin_bytes = 32, pixel_bytes = 12, numbers_bytes = 16;
constexpr int opaque = 1000;  // the greatest opacity
constexpr float yc48 = 4096;  // black to white; Cb and Cr reach half of it either way

struct Shape {
  std::size_t name, reserved;
  [[nodiscard]] std::size_t bytes() const { return name + numbers_bytes + reserved; }
};

int int16_at(std::span<const std::uint8_t> b, std::size_t at) {
  return static_cast<std::int16_t>(b[at] | b[at + 1] << 8);
}

void put16(std::vector<std::uint8_t>& to, double value) {
  const auto v = static_cast<std::uint16_t>(
      static_cast<std::int16_t>(std::lround(std::clamp(value, -32768., 32767.))));
  to.push_back(static_cast<std::uint8_t>(v & 255));
  to.push_back(static_cast<std::uint8_t>(v >> 8));
}

Error unreadable(const std::string& path, const std::string& reason) {
  return {Code::unreadable, "matte",
          fmt::format("'{}' cannot be read as a logo file: {}.", path, reason)};
}

std::string_view name_in(std::span<const std::uint8_t> bytes) {
  const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return all.substr(0, all.find('\0'));
}

}  // namespace

Result<std::vector<Logo>> parse_logos(std::span<const std::uint8_t> bytes,
                                      const std::string& path) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const bool first = text.starts_with(version_1), second = text.starts_with(version_2);
  if (!first && !second)
    return unreadable(
        path, "it begins neither as a PNG picture nor as '<logo data file ver0.1>' or '…0.2>'");
  if (bytes.size() < begin_bytes) return unreadable(path, "it ends within its first 32 bytes");
  const Shape shape = second ? Shape{256, 240} : Shape{32, 0};
  std::uint32_t count = 0;
  for (std::size_t i = version_bytes; i < begin_bytes; ++i) count = count << 8 | bytes[i];
  if (count == 0) return unreadable(path, "it says that it holds no logo");

  std::vector<Logo> logos;
  auto rest = bytes.subspan(begin_bytes);
  for (std::uint32_t n = 1; n <= count; ++n) {
    const auto which = fmt::format("logo {} of {}", n, count);
    if (rest.size() < shape.bytes())
      return unreadable(path, "it ends before the header of " + which);
    Logo logo;
    logo.name = name_in(rest.first(shape.name));
    logo.placed = true;
    logo.x = int16_at(rest, shape.name);
    logo.y = int16_at(rest, shape.name + 2);
    logo.size = {int16_at(rest, shape.name + 6), int16_at(rest, shape.name + 4)};
    if (logo.size.width <= 0 || logo.size.height <= 0)
      return unreadable(path, fmt::format("{} is said to have {}x{} samples", which,
                                          logo.size.width, logo.size.height));
    rest = rest.subspan(shape.bytes());
    const auto samples =
        static_cast<std::size_t>(logo.size.width) * static_cast<std::size_t>(logo.size.height);
    if (rest.size() / pixel_bytes < samples)
      return unreadable(path, fmt::format("{} has {}x{} samples, and the file ends before them",
                                          which, logo.size.width, logo.size.height));
    for (std::size_t c = 0; c < 3; ++c) {
      logo.alpha[c].resize(samples);
      logo.colour[c].resize(samples);
      for (std::size_t i = 0; i < samples; ++i) {
        const std::size_t at = i * pixel_bytes + 4 * c;
        // Analysers leave a little noise below 0.
        logo.alpha[c][i] = static_cast<float>(std::clamp(int16_at(rest, at), 0, opaque)) /
                           static_cast<float>(opaque);
        logo.colour[c][i] = static_cast<float>(int16_at(rest, at + 2)) / yc48;
      }
    }
    rest = rest.subspan(samples * pixel_bytes);
    logos.push_back(std::move(logo));
  }
  return logos;
}

std::vector<std::uint8_t> logo_bytes(const std::vector<Logo>& logos) {
  constexpr std::string_view version = "<logo data file ver0.1>";
  constexpr std::size_t name_bytes = 32;
  std::vector<std::uint8_t> out(version.begin(), version.end());
  out.resize(version_bytes);
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(logos.size() >> shift));
  for (const Logo& logo : logos) {
    const auto begin = out.size();
    out.insert(out.end(), logo.name.begin(),
               logo.name.begin() +
                   static_cast<std::ptrdiff_t>(std::min(logo.name.size(), name_bytes - 1)));
    out.resize(begin + name_bytes);
    for (const int v : {logo.x, logo.y, logo.size.height, logo.size.width, 0, 0, 0, 0})
      put16(out, v);
    for (std::size_t i = 0; i < logo.alpha[0].size(); ++i)
      for (std::size_t c = 0; c < 3; ++c) {
        const double a = std::round(opaque * static_cast<double>(logo.alpha[c][i]));
        put16(out, a);
        put16(out, a > 0 ? static_cast<double>(yc48 * logo.colour[c][i]) : 0);
      }
  }
  return out;
}

}  // namespace cleanplate
