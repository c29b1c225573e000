/// @file
/// The pipeline's stages, one at a time and all at once.
#pragma once
#include <cleanplate/device.h>
#include <cleanplate/frame.h>
#include <cleanplate/media_info.h>
#include <cleanplate/plan.h>
#include <cleanplate/report.h>

#include <string>
#include <vector>

namespace bench {

/// A clip's frames in memory and what a scan found in it. Failures are thrown as
/// std::runtime_error with the library's sentence.
struct Loaded {
  std::string input;
  cleanplate::Options options;
  cleanplate::VideoInfo video;
  cleanplate::Plan plan;
  std::vector<cleanplate::Frame> frames;  ///< in the host's memory
  /// The same in the device's, where a job's frames stay there from the decoder to the encoder;
  /// else empty.
  std::vector<cleanplate::Frame> there = {};
};
/// @param scratch  a file that an encoder is tried on, which leaves nothing.
[[nodiscard]] Loaded load(const std::string& input, const cleanplate::Options& options,
                          const cleanplate::Device& device, const std::string& scratch);

/// The host's frames in a device's memory, in the layout that a card's decoder has.
[[nodiscard]] std::vector<cleanplate::Frame> copied_to(const cleanplate::Device& device,
                                                       const Loaded& clip);

/// Seconds for all frames, this stage alone; frames lie where the whole job has them.
[[nodiscard]] double decode_alone(const Loaded& clip, const cleanplate::Device& device);
/// @param device  the one that was loaded for, or another: frames come from the host's memory then.
/// @param[out] restored  the frames in the host's memory, if wanted.
[[nodiscard]] double restore_alone(const Loaded& clip, const cleanplate::Device& device,
                                   std::vector<cleanplate::Frame>* restored);
[[nodiscard]] double encode_alone(const Loaded& clip, const cleanplate::Device& device,
                                  const std::string& output);
/// The job as a user runs it, scan included.
[[nodiscard]] cleanplate::Report all_together(const Loaded& clip, const cleanplate::Device& device,
                                              const std::string& output);

/// Samples of two lists of frames that differ.
[[nodiscard]] long long different(const std::vector<cleanplate::Frame>& a,
                                  const std::vector<cleanplate::Frame>& b);

/// What a card that cannot reach the host's memory would be sent and send back.
struct Moved {
  double up = 0, down = 0;              ///< bytes a frame that is in the host's memory
  double up_there = 0, down_there = 0;  ///< of one that stays on the card
  double kernels = 0;                   ///< launched for one of the latter
  double least = 0;  ///< each way: every overlay's masked box once, in the frame's own words
  double frame = 0;  ///< bytes of a whole frame
};
/// Counted on the strict device over the first frames.
[[nodiscard]] Moved bytes_moved(const Loaded& clip, int frames);

}  // namespace bench
