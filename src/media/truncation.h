/// @file
/// Whether a file ends before its own headers say it should; libav often reads on in silence.
#pragma once
#include <optional>
#include <string>

namespace cleanplate::media {

/// Looks at MP4/MOV boxes, at the Matroska/WebM segment and at the transport stream's packets.
/// @return a sentence about what is cut; nothing where the file is whole, or of another kind.
[[nodiscard]] std::optional<std::string> cut_short(const std::string& path);

/// Whether a transport stream's packets are scrambled (conditional access).
[[nodiscard]] bool scrambled(const std::string& path);

}  // namespace cleanplate::media
