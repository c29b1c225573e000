/// @file
/// What this machine and this build can do; for a look before a job and for reports of trouble.
#pragma once
#include <cleanplate/device.h>
#include <cleanplate/options.h>
#include <cleanplate/result.h>

#include <cstdint>
#include <string>
#include <vector>

namespace cleanplate {

/// A library that this one runs with.
struct LibraryInfo {
  std::string name, version, note;  ///< the note: its licence, or built against another version
};
/// FFmpeg's parts, as loaded. Threads: any.
[[nodiscard]] std::vector<LibraryInfo> media_libraries();

/// Whether a decoder for a codec ("h264", "hevc", …) really opens here.
/// @return the decoder's name; `decoder`: FFmpeg's reason.
[[nodiscard]] Result<std::string> probe_decoder(const std::string& codec);

/// Whether the card of `options.device` decodes a codec ("h264", "hevc"), by a picture that is
/// coded here and goes through its decoder (NVDEC).
/// @param bits  8 or 10, 4:2:0. @return "cuda:0 (NVDEC)"; `device`: the reason.
[[nodiscard]] Result<std::string> probe_card_decoder(const std::string& codec, int bits,
                                                     const Options& options);

/// How `threads`, `max_memory` and the batches come out here.
struct Resources {
  int cores = 1;                             ///< that this process may use
  std::int64_t free_memory = 0, budget = 0;  ///< MiB
  int decoder_threads = 1, pool_threads = 1, encoder_threads = 1;
  /// MiB where networks run, and the tier that this makes: "small", "middle", "large".
  std::int64_t network_memory = 0;
  std::string tier;
  int detect_batch = 0, inpaint_batch = 0, segment_frames = 0;
};
/// @param device  the job's; empty: the host.
[[nodiscard]] Resources resources(const Options& options, const Device& device = {});

}  // namespace cleanplate
