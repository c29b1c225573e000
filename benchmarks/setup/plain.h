/// @file
/// The measure that cleanplate's time and memory are held against: the same decoder and encoder,
/// the same settings, nothing between.
#pragma once
#include <cleanplate/options.h>
#include <cleanplate/result.h>

#include <cstdint>
#include <string>

namespace bench {

/// Decodes and encodes a file. @return the number of frames.
[[nodiscard]] cleanplate::Result<std::int64_t> transcode(const std::string& input,
                                                         const std::string& output,
                                                         const cleanplate::Options& options);

}  // namespace bench
