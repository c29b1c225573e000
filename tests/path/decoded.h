/// @file
/// All of a file's frames, as a decoder gives them on a device.
#pragma once
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

}  // namespace cleanplate
