/// @file
/// An 8-bit picture of interleaved channels: what PNG files hold and previews are made of.
#pragma once
#include <cleanplate/geometry.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cleanplate {

struct Picture {
  Size size;
  int channels = 3;  ///< 1 grey, 3 RGB, 4 RGBA with plain (not premultiplied) colour
  std::vector<std::uint8_t> samples;  ///< rows without gaps

  Picture() = default;
  Picture(Size of, int how_many)
      : size(of),
        channels(how_many),
        samples(static_cast<std::size_t>(of.width) * static_cast<std::size_t>(of.height) *
                static_cast<std::size_t>(how_many)) {}

  /// The first channel of a sample inside the picture.
  [[nodiscard]] std::uint8_t* at(int x, int y) { return samples.data() + offset(x, y); }
  [[nodiscard]] const std::uint8_t* at(int x, int y) const { return samples.data() + offset(x, y); }

 private:
  [[nodiscard]] std::size_t offset(int x, int y) const {
    return (static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) +
            static_cast<std::size_t>(x)) *
           static_cast<std::size_t>(channels);
  }
};

}  // namespace cleanplate
