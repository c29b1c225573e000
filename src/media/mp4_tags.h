/// @file
/// Tags of any name in an MP4 file; libavformat's muxer writes either Apple's fixed list, which
/// players show, or free names in a form that most do not know, never both.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "media/compat.h"

namespace cleanplate::media {

using Tags = std::vector<std::pair<std::string, std::string>>;

/// Those of `all` that the muxer does not write into an MP4 file.
[[nodiscard]] Tags free_tags(const AVDictionary* all);

/// Appends the tags to a finished file whose index (moov) comes last, as free-form items ("----")
/// beside the fixed ones.
/// @param file  open for reading and writing.
/// @return false: the file is not built as expected, and was left as it was.
[[nodiscard]] bool append_tags(int file, const Tags& tags);

}  // namespace cleanplate::media
