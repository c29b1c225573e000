/// @file
/// One case through every method.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "ours.h"

namespace quality {

struct RunSetting {
  bool before_encoder = false;
  bool outside = false;  ///< also the lossless check, on few frames
  std::string pictures;  ///< a folder for PNG crops; empty: none
  std::string name;      ///< of the case, for files and tables
  std::vector<std::string> ways = {"fill",  "propagate", "told",
                                   "blind", "template",  "peers"};  ///< that are run
  [[nodiscard]] bool wants(std::string_view way) const;
};

struct MethodScore {
  std::string method;  ///< "floor", "truth", "oracle", "ours fill", "ours told", "ours blind", …
  ClipScore score;
};

struct CaseResult {
  std::string name, clip, logo, kind;
  int frames = 0;
  std::vector<MethodScore> scores;
  OursOutcome told, blind, master;  ///< the last: only where a logo file was put on
  OutsideCheck outside;
  std::string error;  ///< the case itself could not be made
  [[nodiscard]] const ClipScore* of(const std::string& method) const;
  /// The best by PSNR of FFmpeg's peers, or of OpenCV's too; null: there is none.
  [[nodiscard]] const MethodScore* best_peer(bool with_opencv) const;
};

/// Works in a folder of its own, deleted at the end.
[[nodiscard]] CaseResult run_case(const CaseOrder& order, const RunSetting& setting);

/// A clip without an overlay: what a run with no hint did to it.
struct BareResult {
  std::string clip, error;
  bool nothing_found = false, output_written = false;
  int accepted = 0;
};
[[nodiscard]] BareResult run_bare(const CaseOrder& order);

}  // namespace quality
