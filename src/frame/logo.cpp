#include <cleanplate/logo.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>

#include "core/try.h"
#include "frame/colour_codes.h"
#include "frame/logo_file.h"
#include "frame/png.h"

namespace cleanplate {

namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 29;  // no pack of logos is larger
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

Error failed(Code code, const std::string& path, std::string_view tried, int number) {
  return {code, "matte", fmt::format("'{}' cannot be {}: {}.", path, tried, std::strerror(number)),
          -1, number};
}

Result<std::vector<std::uint8_t>> bytes_of(const std::string& path) {
  const File file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file && errno == ENOENT)
    return Error{Code::not_found, "matte",
                 fmt::format("There is no file '{}'; give the path of a PNG, .lgd or .ldp.", path),
                 -1, ENOENT};
  if (!file) return failed(Code::unreadable, path, "read", errno);
  std::vector<std::uint8_t> bytes;
  for (;;) {
    constexpr std::size_t step = 1 << 16;
    const auto had = bytes.size();
    bytes.resize(had + step);
    errno = 0;
    const auto got = std::fread(bytes.data() + had, 1, step, file.get());
    bytes.resize(had + got);
    if (got < step) break;
    if (bytes.size() > most_bytes)
      return Error{Code::unreadable, "matte",
                   fmt::format("'{}' is larger than any logo file, 512 MiB.", path)};
  }
  if (std::ferror(file.get())) return failed(Code::unreadable, path, "read", errno ? errno : EIO);
  return bytes;
}

Logo logo_of_picture(const Picture& rgba) {
  Logo logo;
  logo.size = rgba.size;
  logo.rgb = true;
  const std::uint8_t* from = rgba.samples.data();
  for (std::size_t n = rgba.samples.size() / 4; n > 0; --n, from += 4)
    for (std::size_t c = 0; c < 3; ++c) {
      logo.alpha[c].push_back(static_cast<float>(from[3]) / 255);
      logo.colour[c].push_back(static_cast<float>(from[c]) / 255);
    }
  return logo;
}

Picture picture_of(const Logo& logo) {
  Picture rgba(logo.size, 4);
  const LumaWeights weights = luma_weights(logo.matrix, 1080);
  std::uint8_t* to = rgba.samples.data();
  for (std::size_t i = 0; i < logo.alpha[0].size(); ++i, to += 4) {
    std::array<double, 3> colour;
    for (std::size_t c = 0; c < 3; ++c) colour[c] = static_cast<double>(logo.colour[c][i]);
    if (!logo.rgb) colour = rgb_of(colour, weights);
    for (std::size_t c = 0; c < 3; ++c)
      to[c] = static_cast<std::uint8_t>(std::lround(255 * std::clamp(colour[c], 0., 1.)));
    to[3] = static_cast<std::uint8_t>(std::lround(255 * std::clamp(logo.alpha[0][i], 0.f, 1.f)));
  }
  return rgba;
}

/// Whether all lists are as long as the size says.
bool whole(const Logo& logo) {
  if (logo.size.width <= 0 || logo.size.height <= 0 || logo.size.width > 32767 ||
      logo.size.height > 32767)
    return false;
  const auto samples =
      static_cast<std::size_t>(logo.size.width) * static_cast<std::size_t>(logo.size.height);
  return std::all_of(logo.alpha.begin(), logo.alpha.end(),
                     [=](const auto& list) { return list.size() == samples; }) &&
         std::all_of(logo.colour.begin(), logo.colour.end(),
                     [=](const auto& list) { return list.size() == samples; });
}

/// R'G'B' masters in Y, Cb, Cr, as the logo files have it.
Logo in_ycbcr(Logo logo) {
  if (!logo.rgb) return logo;
  const LumaWeights weights = luma_weights(logo.matrix, 1080);
  for (std::size_t i = 0; i < logo.alpha[0].size(); ++i) {
    const auto ycbcr =
        ycbcr_of({static_cast<double>(logo.colour[0][i]), static_cast<double>(logo.colour[1][i]),
                  static_cast<double>(logo.colour[2][i])},
                 weights);
    for (std::size_t c = 0; c < 3; ++c) logo.colour[c][i] = static_cast<float>(ycbcr[c]);
  }
  logo.rgb = false;
  return logo;
}

Result<void> write_bytes(const std::string& path, const std::vector<std::uint8_t>& bytes) {
  File file(std::fopen(path.c_str(), "wb"), &std::fclose);
  if (!file)
    return failed(errno == ENOSPC ? Code::disk_full : Code::unwritable, path, "written", errno);
  errno = 0;
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
  int number = errno;
  const bool closed = std::fclose(file.release()) == 0;
  if (written && closed) return {};
  if (written) number = errno;
  std::remove(path.c_str());
  return failed(number == ENOSPC ? Code::disk_full : Code::unwritable, path, "written",
                number ? number : EIO);
}

}  // namespace

Result<std::vector<Logo>> read_logos(const std::string& path) {
  return guarded("matte", [&]() -> Result<std::vector<Logo>> {
    CP_TRY(const auto bytes, bytes_of(path));
    if (bytes.size() > 4 && std::memcmp(bytes.data(), "\x89PNG", 4) == 0) {
      CP_TRY(const Picture rgba, read_png(path));
      return std::vector<Logo>{logo_of_picture(rgba)};
    }
    return parse_logos(bytes, path);
  });
}

Result<void> write_logos(const std::string& path, const std::vector<Logo>& logos) {
  return guarded("matte", [&]() -> Result<void> {
    const auto ends = [&](std::string_view with) { return path.ends_with(with); };
    const bool png = ends(".png") || ends(".PNG"), pack = ends(".ldp") || ends(".LDP");
    if (!png && !pack && !ends(".lgd") && !ends(".LGD"))
      return Error{Code::invalid_argument, "matte",
                   fmt::format("'{}' ends neither in .png nor in .lgd or .ldp, so it is not known "
                               "what to write.",
                               path)};
    if (logos.empty() || (logos.size() > 1 && !pack))
      return Error{
          Code::invalid_argument, "matte",
          fmt::format("'{}' would hold {} logos; a .png or .lgd holds one, a .ldp one or more.",
                      path, logos.size())};
    std::vector<Logo> all;
    for (const Logo& logo : logos) {
      if (!whole(logo))
        return Error{
            Code::invalid_argument, "matte",
            fmt::format("A logo of {}x{} samples does not hold as many; nothing is written.",
                        logo.size.width, logo.size.height)};
      if (!png) all.push_back(in_ycbcr(logo));
    }
    if (png) return write_png(path, picture_of(logos.front()));
    return write_bytes(path, logo_bytes(all));
  });
}

}  // namespace cleanplate
