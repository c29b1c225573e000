/// @file
/// Clips, and what software makes of them, for a made-up card to hand out.
#pragma once
#include "fake_nvdec.h"
#include "path/decoded.h"

namespace cleanplate {

/// Planes one after another → NV12, P016, or 4:4:4 as it is, above 8 bits in the high ones.
inline std::vector<std::uint8_t> as_surface(const Samples& planes, PixelFormat format) {
  const bool in_turn = format.layout == Layout::yuv420;
  const std::size_t bytes = format.bits > 8 ? 2 : 1,
                    luma = in_turn ? planes.size() * 2 / 3 : planes.size(),
                    chroma = in_turn ? planes.size() / 6 : 0;
  const auto sample = [&](std::size_t at) {
    const auto low = std::to_integer<unsigned>(planes[at]);
    return bytes == 1
               ? low
               : (low | std::to_integer<unsigned>(planes[at + 1]) << 8) << (16 - format.bits);
  };
  std::vector<std::uint8_t> out;
  const auto put = [&](std::size_t at) {
    const unsigned value = sample(at);
    out.push_back(static_cast<std::uint8_t>(value));
    if (bytes == 2) out.push_back(static_cast<std::uint8_t>(value >> 8));
  };
  for (std::size_t at = 0; at < luma; at += bytes) put(at);
  for (std::size_t at = 0; at < chroma; at += bytes) {
    put(luma + at);
    put(luma + chroma + at);
  }
  return out;
}

struct Kind {
  const char* encoder;
  AVPixelFormat format;
};

/// A clip and what software makes of it, which the made-up card hands out.
struct Material {
  clips::Folder folder;
  Decoded host;

  explicit Material(const Kind& kind) {
    clips::Clip clip;
    clip.video = kind.encoder;
    clip.format = kind.format;
    clip.width = 480;
    clip.height = 270;  // of 272 coded rows
    clips::make(folder / "in.mkv", clip);
    host = decode(folder / "in.mkv", "cpu");
    FakeNvdec& fake = *fake_nvdec();
    fake = {};
    for (const Samples& planes : host.frames)
      fake.pictures.push_back(as_surface(planes, host.format));
  }
  ~Material() { *fake_nvdec() = {}; }
  [[nodiscard]] Decoded on_card() const { return decode(folder / "in.mkv", "cuda"); }
};

}  // namespace cleanplate
