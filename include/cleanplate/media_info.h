/// @file
/// What a media file holds.
#pragma once
#include <cleanplate/frame.h>

#include <cstdint>
#include <string>
#include <vector>

namespace cleanplate {

struct Rational {
  std::int64_t num = 0, den = 1;
  [[nodiscard]] double value() const {
    return den ? static_cast<double>(num) / static_cast<double>(den) : 0;
  }
  bool operator==(const Rational&) const = default;
};

/// The video stream that is worked on, as coded.
struct VideoInfo {
  std::string container;  ///< demuxer's short name
  std::string codec;      ///< "h264", "hevc", …
  PixelFormat format;
  Size size;            ///< coded picture, before rotation and sample aspect ratio
  Rational time_base;   ///< seconds per tick of the frames' pts
  Rational frame_rate;  ///< average; 0/1 unknown
  Rational sample_aspect{1, 1};
  int rotation = 0;  ///< degrees counter-clockwise from the display matrix
  Colour colour;
  bool interlaced = false;
  std::int64_t frames = 0;    ///< as the container says, 0 unknown
  double duration = 0;        ///< seconds, 0 unknown
  std::int64_t bit_rate = 0;  ///< bits per second of this stream, 0 unknown
};

/// Any stream of the file.
struct StreamInfo {
  int index = 0;
  std::string kind;  ///< "video", "audio", "subtitle", "attachment", "data"
  std::string codec;
  bool worked_on = false;  ///< the video that is decoded; all others are copied
};

}  // namespace cleanplate
