/// @file
/// A case: a clean clip, a known overlay put on it, both encoded alike.
#pragma once
#include <cleanplate/geometry.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "crop.h"
#include "demo_clip/clip_writer.h"
#include "demo_clip/overlay.h"

namespace quality {

struct CaseOrder {
  std::string clip;      ///< path
  std::string logo;      ///< path of a PNG with alpha; empty: a drawn mark
  std::string kind;      ///< "seethrough", "opaque", "timecode", "moving"
  double strength = .4;  ///< opacity of "seethrough" and "moving"
  double width = .12;    ///< the mark's, in widths of the picture
  int corner = 0;        ///< 0 top right, 1 top left, 2 bottom right, 3 bottom left
  std::optional<std::array<double, 2>> place;  ///< instead, shares of the room: 0 left, top; 1
  int frames = 150;                            ///< at most
  std::string preset = "medium";               ///< libx264's
  int crf = 18;
};

/// Threads: read from any thread once made.
class Case {
 public:
  /// Decodes the clip, writes `input` and, unless empty, `clean`; keeps the truth.
  Case(const CaseOrder& order, const std::string& input, const std::string& clean);

  [[nodiscard]] const demo::Overlay& truth(int frame) const {
    return truth_[truth_.size() == 1 ? 0 : static_cast<std::size_t>(frame)];
  }
  /// The clean frame, before any encoder of ours, within boxes().
  [[nodiscard]] const Crop& clean(int frame) const {
    return clean_[static_cast<std::size_t>(frame)];
  }
  /// The overlay's boxes with some of their surroundings.
  [[nodiscard]] const CropBoxes& boxes() const { return boxes_; }
  [[nodiscard]] int frames() const { return frames_; }
  [[nodiscard]] cleanplate::Size size() const { return size_; }
  [[nodiscard]] int bits() const { return bits_; }
  /// Kr and Kb of the clip's matrix.
  [[nodiscard]] std::array<float, 2> luma_weights() const { return luma_weights_; }
  /// The least luma box that holds α > 2/255 in any frame…
  [[nodiscard]] cleanplate::Box support_box() const { return box_; }
  /// …and in the first one.
  [[nodiscard]] cleanplate::Box first_box() const { return first_box_; }
  /// Greatest α over the frames, luma grid, 0…255, the whole picture.
  [[nodiscard]] std::vector<std::uint8_t> alpha_map() const;
  /// 255 where α > 2/255 in any frame, else 0.
  [[nodiscard]] std::vector<std::uint8_t> support_map() const;

 private:
  /// Greatest α over the frames, luma grid, the whole picture.
  [[nodiscard]] std::vector<float> greatest_alpha() const;

  std::vector<demo::Overlay> truth_;  ///< one, or one a frame
  std::vector<Crop> clean_;
  CropBoxes boxes_{};
  int frames_ = 0, bits_ = 8;
  std::array<float, 2> luma_weights_{};
  cleanplate::Size size_;
  cleanplate::Box box_, first_box_;
};

/// A time base, rate and preset for an encode that keeps the reader's times.
[[nodiscard]] demo::WriterSettings settings_like(const AVStream& video, const std::string& preset,
                                                 int crf);

constexpr float support_alpha = 2.f / 255;

}  // namespace quality
