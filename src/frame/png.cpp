#include "frame/png.h"

#include <fmt/format.h>
#include <png.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "core/try.h"

namespace cleanplate {

namespace {

constexpr int max_side = 32768;
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

/// Frees what libpng holds for an image that was begun and not finished.
struct Image {
  png_image image{};
  Image() { image.version = PNG_IMAGE_VERSION; }
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;
  ~Image() { png_image_free(&image); }
};

Error unreadable(const std::string& path, std::string_view reason) {
  return {Code::unreadable, "frame",
          fmt::format("'{}' cannot be read as a PNG picture: {}.", path, reason)};
}

Error unwritable(const std::string& path, int number) {
  return {number == ENOSPC ? Code::disk_full : Code::unwritable, "frame",
          fmt::format("The picture '{}' cannot be written: {}.", path, std::strerror(number)), -1,
          number};
}

}  // namespace

Result<Picture> read_png(const std::string& path) {
  return guarded("frame", [&]() -> Result<Picture> {
    const File file(std::fopen(path.c_str(), "rb"), &std::fclose);
    if (!file && errno == ENOENT)
      return Error{Code::not_found, "frame",
                   fmt::format("There is no file '{}'; give the path of a PNG picture.", path), -1,
                   ENOENT};
    if (!file) return unreadable(path, std::strerror(errno));
    Image held;
    png_image& image = held.image;
    if (!png_image_begin_read_from_stdio(&image, file.get()))
      return unreadable(path, image.message);
    if (image.width > max_side || image.height > max_side)
      return unreadable(path, fmt::format("it has {}x{} samples, and each side may have 32768",
                                          image.width, image.height));
    image.format = PNG_FORMAT_RGBA;
    Picture picture({static_cast<int>(image.width), static_cast<int>(image.height)}, 4);
    if (!png_image_finish_read(&image, nullptr, picture.samples.data(), 0, nullptr))
      return unreadable(path, image.message);
    return picture;
  });
}

Result<Picture> read_png_grey(const std::string& path) {
  return guarded("frame", [&]() -> Result<Picture> {
    CP_TRY(const Picture rgba, read_png(path));
    Picture grey(rgba.size, 1);
    const std::uint8_t* from = rgba.samples.data();
    for (auto& sample : grey.samples) {
      // Rec. 601 weights in 1/256; they add up to 256, so that grey stays what it was.
      const int luma = (77 * from[0] + 150 * from[1] + 29 * from[2] + 128) >> 8;
      sample = static_cast<std::uint8_t>((luma * from[3] + 127) / 255);
      from += 4;
    }
    return grey;
  });
}

Result<void> write_png(const std::string& path, const Picture& picture) {
  return guarded("frame", [&]() -> Result<void> {
    File file(std::fopen(path.c_str(), "wb"), &std::fclose);
    if (!file) return unwritable(path, errno);
    Image held;
    png_image& image = held.image;
    image.width = static_cast<png_uint_32>(picture.size.width);
    image.height = static_cast<png_uint_32>(picture.size.height);
    image.format = picture.channels == 1   ? PNG_FORMAT_GRAY
                   : picture.channels == 4 ? PNG_FORMAT_RGBA
                                           : PNG_FORMAT_RGB;
    errno = 0;
    const bool written =
        png_image_write_to_stdio(&image, file.get(), 0, picture.samples.data(), 0, nullptr) != 0;
    const int write_error = errno;
    const bool closed = std::fclose(file.release()) == 0;
    if (written && closed) return {};
    const int number = written ? errno : write_error;
    std::remove(path.c_str());
    return unwritable(path, number ? number : EIO);
  });
}

}  // namespace cleanplate
