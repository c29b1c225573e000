/// @file
/// cleanplate itself on a case.
#pragma once
#include <cleanplate/frame.h>
#include <cleanplate/options.h>

#include <string>
#include <vector>

#include "case.h"
#include "judge.h"

namespace quality {

enum class Hint { none, region, master };

struct OursSetting {
  Hint hint = Hint::none;
  std::string logo;             ///< the file that Hint::master names
  bool before_encoder = false;  ///< measure the frames given to the encoder; it then runs fast
  std::string preset = "medium";
  int crf = 18;
  cleanplate::Options options;  ///< what else is wanted; region and encoder come from here
};

struct OursOutcome {
  ClipScore score;
  Crop kept;
  std::string error;    ///< the library's sentence; the score is then the input's
  std::string methods;  ///< "fill 120, unblend 240": frames, over all overlays
  std::string reasons;  ///< the library's sentences on what it took for an overlay
  std::vector<std::string> degradations;  ///< "scan: outline instead of network (…)"
  bool nothing_found = false;
  bool found = false;   ///< IoU of what was accepted at the truth's place with the truth over .5
  int false_finds = 0;  ///< accepted where nothing is
  double iou = 0;
  double seconds = 0;  ///< wall
  int frames = 0;
  /// Before the encoder: luma samples that are other than the input's, in the frame that is kept,
  /// over the support's: in the support, and elsewhere near it.
  double covered = 0, beside = 0;
  Sameness same;  ///< of input and output; all true where nothing was written
};

/// @param input  the case's file. @param output  is written and left to the caller to delete.
[[nodiscard]] OursOutcome run_ours(const Case& made, const std::string& input,
                                   const std::string& output, const OursSetting& setting);

/// The region as a user tells it: the support's box with a margin of 6 samples, "x,y,w,h".
[[nodiscard]] std::string told_region(const Case& made);
[[nodiscard]] cleanplate::Box told_box(const Case& made);

[[nodiscard]] Crop cut(const cleanplate::Frame& frame, const CropBoxes& boxes);

/// With `lossless`, samples outside the told box that differ from the decoded input's.
struct OutsideCheck {
  long long compared = 0, different = 0;
  std::string error;
};
[[nodiscard]] OutsideCheck check_outside(const Case& made, const std::string& input,
                                         const std::string& output);

}  // namespace quality
