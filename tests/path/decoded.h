/// @file
/// All of a file's frames, as a decoder gives them on a device.
#pragma once
#include <cstdlib>

#include "path/device_job.h"

namespace cleanplate {

struct Decoded {
  std::vector<Samples> frames;
  std::vector<std::int64_t> pts;
  PixelFormat format;
  std::string device;
  std::vector<Degradation> degradations;
};

inline Decoded decode(const std::string& path, const char* device) {
  Options options = quick_options();
  options.device = device;
  auto decoder = must(VideoDecoder::open(path, options));
  Decoded out;
  for (Frame frame; must(decoder.pull(frame)) == Flow::ok; frame = {}) {
    out.frames.push_back(samples_of(frame));
    out.pts.push_back(frame.pts);
    out.format = frame.format();
  }
  out.device = decoder.device();
  out.degradations = decoder.degradations();
  return out;
}

/// Mean difference of bytes.
inline double apart(const Samples& a, const Samples& b) {
  REQUIRE(a.size() == b.size());
  long long sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += std::abs(std::to_integer<int>(a[i]) - std::to_integer<int>(b[i]));
  return static_cast<double>(sum) / static_cast<double>(a.size());
}

}  // namespace cleanplate
