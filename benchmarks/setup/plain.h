/// @file
/// The measure that cleanplate's time and memory are held against: the same decoder and encoder,
/// the same settings, nothing between; or a filter of libavfilter's.
#pragma once
#include <cleanplate/frame.h>
#include <cleanplate/options.h>
#include <cleanplate/result.h>

#include <cstdint>
#include <functional>
#include <string>

namespace bench {

/// What is done to each frame between decoder and encoder.
using Change = std::function<cleanplate::Result<cleanplate::Frame>(const cleanplate::Frame&)>;

/// Decodes and encodes a file; the other streams are copied. @return the number of frames.
[[nodiscard]] cleanplate::Result<std::int64_t> transcode(const std::string& input,
                                                         const std::string& output,
                                                         const cleanplate::Options& options,
                                                         const Change& change = {});

/// One of libavfilter's filters that gives a frame for each it gets, as a Change; frames go in and
/// come out without a copy but for what the filter itself makes (they are read-only to it, as
/// decoded reference frames are in FFmpeg's own tool).
/// @param filter  "delogo=x=…". 8-bit 4:2:0 only.
/// @throws std::runtime_error: built without libavfilter, no such filter, wrong arguments.
[[nodiscard]] Change filter_by(const std::string& filter);
/// Whether this was built with libavfilter and that has the filter.
[[nodiscard]] bool has_filter(const std::string& name);

}  // namespace bench
