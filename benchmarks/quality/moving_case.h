/// @file
/// A case whose overlay moves, jumps, blinks or changes: where it is in each frame is known.
#pragma once
#include <string>
#include <vector>

#include "case.h"

namespace quality {

struct MovingOrder {
  std::string clip;  ///< path
  std::string logo;  ///< path of a PNG with alpha; empty: a drawn mark
  std::string kind;  ///< one of moving_kinds()
  double strength = .5;
  int frames = 150;  ///< at most
  int crf = 18;
};

[[nodiscard]] const std::vector<std::string>& moving_kinds();

/// Threads: read from any thread once made.
class MovingCase {
 public:
  /// Decodes the clip and writes `input`; keeps the truth.
  MovingCase(const MovingOrder& order, const std::string& input);

  [[nodiscard]] int frames() const { return static_cast<int>(truth_.size()); }
  /// What is on a frame; empty: nothing.
  [[nodiscard]] const std::vector<demo::Overlay>& truth(int frame) const {
    return truth_[static_cast<std::size_t>(frame)];
  }
  /// The clean samples round each overlay of a frame, and where they lie.
  [[nodiscard]] const std::vector<Crop>& clean(int frame) const {
    return clean_[static_cast<std::size_t>(frame)];
  }
  [[nodiscard]] const std::vector<CropBoxes>& boxes(int frame) const {
    return boxes_[static_cast<std::size_t>(frame)];
  }
  /// The first place as a user's region, with a margin of 6 samples; empty: there is none.
  [[nodiscard]] cleanplate::Box first_box() const;

 private:
  std::vector<std::vector<demo::Overlay>> truth_;
  std::vector<std::vector<Crop>> clean_;
  std::vector<std::vector<CropBoxes>> boxes_;
};

}  // namespace quality
