#include "picture.h"

#include <png.h>

#include <cstring>
#include <stdexcept>

namespace quality {

demo::Drawing read_drawing(const std::string& path) {
  png_image image;
  std::memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_file(&image, path.c_str()))
    throw std::runtime_error("Reading " + path + " failed: " + image.message + ".");
  image.format = PNG_FORMAT_RGBA;
  // A 16-bit file without a gamma would else be taken for linear light.
  image.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
  std::vector<std::uint8_t> bytes(PNG_IMAGE_SIZE(image));
  if (!png_image_finish_read(&image, nullptr, bytes.data(), 0, nullptr))
    throw std::runtime_error("Reading " + path + " failed: " + image.message + ".");
  demo::Drawing drawing;
  drawing.width = static_cast<int>(image.width);
  drawing.height = static_cast<int>(image.height);
  for (std::size_t i = 0; i < bytes.size(); i += 4) {
    const auto unit = [&](std::size_t k) { return static_cast<float>(bytes[i + k]) / 255.f; };
    drawing.dots.push_back({unit(0), unit(1), unit(2), unit(3)});
  }
  return drawing;
}

void write_png(const std::string& path, int width, int height, int channels,
               const std::vector<std::uint8_t>& samples) {
  png_image image;
  std::memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  image.format = channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  if (!png_image_write_to_file(&image, path.c_str(), 0, samples.data(), 0, nullptr))
    throw std::runtime_error("Writing " + path + " failed: " + image.message + ".");
}

}  // namespace quality
