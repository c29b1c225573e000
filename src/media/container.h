/// @file
/// The containers that are written, by the output's extension, and what each can hold.
#pragma once
#include <cleanplate/result.h>

#include <string>

#include "media/compat.h"

namespace cleanplate::media {

enum class ContainerKind { mp4, mov, matroska, webm, mpegts };

struct Container {
  ContainerKind kind;
  const AVOutputFormat* format;
  /// Taken where the input's codec does not fit: an FFmpeg codec name; also under `lossless`.
  const char *codec, *lossless_codec;

  [[nodiscard]] bool is_mov() const {
    return kind == ContainerKind::mp4 || kind == ContainerKind::mov;
  }
  [[nodiscard]] bool is_matroska() const {
    return kind == ContainerKind::matroska || kind == ContainerKind::webm;
  }
  [[nodiscard]] bool holds(AVCodecID codec_id) const;
};

/// @return `unsupported`: names the extensions that are known.
[[nodiscard]] Result<Container> container_of(const std::string& path);

}  // namespace cleanplate::media
