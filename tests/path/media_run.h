/// @file
/// A whole file through VideoDecoder and VideoEncoder, nothing changed on the way.
#pragma once
#include <cleanplate/video_encoder.h>

#include <cstdint>
#include <string>
#include <vector>

struct Ran {
  cleanplate::Error error;  ///< empty message: none
  std::string encoder;
  std::vector<cleanplate::Degradation> degradations;
  std::vector<std::string> warnings;
  std::int64_t frames = 0, lost = 0;
};

/// Two threads, quality 24: these clips are small and many.
[[nodiscard]] cleanplate::Options quick_options();

[[nodiscard]] inline Ran run_through(const std::string& in, const std::string& out,
                                     const cleanplate::Options& options = quick_options()) {
  using namespace cleanplate;
  Ran ran;
  const auto failed = [&](const Error& e) {
    ran.error = e;
    return ran;
  };
  auto decoder = VideoDecoder::open(in, options);
  if (!decoder) return failed(decoder.error());
  auto encoder = VideoEncoder::open(out, *decoder, options);
  if (!encoder) return failed(encoder.error());
  ran.encoder = encoder->encoder_name();
  ran.degradations = encoder->degradations();
  Frame frame;
  while (true) {
    const auto pulled = decoder->pull(frame);
    if (!pulled) return failed(pulled.error());
    for (const Packet& p : decoder->take_packets())
      if (auto pushed = encoder->push_packet(p); !pushed) return failed(pushed.error());
    if (*pulled == Flow::end) break;
    if (auto pushed = encoder->push(frame); !pushed) return failed(pushed.error());
    ++ran.frames;
  }
  if (auto done = encoder->finish(); !done) return failed(done.error());
  ran.lost = decoder->lost_frames();
  ran.warnings = decoder->warnings();
  return ran;
}

inline cleanplate::Options quick_options() {
  cleanplate::Options options;
  options.threads = 2;
  options.quality = 24;
  options.device = "cpu";
  return options;
}
