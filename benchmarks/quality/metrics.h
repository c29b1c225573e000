/// @file
/// How near an output is to the truth inside the overlay's support (α > 2/255), DESIGN §12.
#pragma once
#include <vector>

#include "crop.h"
#include "texture.h"

namespace quality {

/// What one frame gives; levels are 8-bit code values whatever the depth.
struct FrameScore {
  double squared_error = 0;         ///< luma, mean over the support
  double chroma_squared_error = 0;  ///< Cb and Cr, mean over their support
  double residue = 0;               ///< ρ; 1 untouched, 0 gone
  double pattern_rms = 0;           ///< rms of p, levels; ρ means nothing under 2
  std::size_t support = 0;          ///< luma samples
};

/// @param output, clean  patches over the same boxes.
[[nodiscard]] FrameScore score(const Crop& output, const Crop& clean, const demo::Overlay& truth);

/// Mean |d_t − d_(t−1)| over luma samples in both frames' support, d = output − clean; levels.
[[nodiscard]] double flicker(const Crop& output, const Crop& clean, const demo::Overlay& truth,
                             const Crop& output_before, const Crop& clean_before,
                             const demo::Overlay& truth_before);

/// A clip's figures.
struct ClipScore {
  double psnr = 0, chroma_psnr = 0;  ///< dB, of the mean squared error over all frames
  double worst_psnr = 0;             ///< dB, the worst frame's
  double residue_median = 0;         ///< of |ρ|
  double residue_p99 = 0;            ///< 99th percentile of |ρ|
  double residue_mean = 0;           ///< of ρ, signed
  int flashes = 0;                   ///< frames with |ρ| > 0.25
  int measured = 0;                  ///< frames whose ρ counts
  double flicker = 0;                ///< levels
  int frames = 0;
  TextureScore texture;
};

/// Frames are added in order.
class Scorer {
 public:
  void add(Crop output, Crop clean, const demo::Overlay& truth);
  [[nodiscard]] ClipScore score() const;

 private:
  std::vector<FrameScore> frames_;
  double flicker_ = 0;
  TextureScorer texture_;
  Crop output_before_, clean_before_;
  demo::Overlay truth_before_;
};

/// Peak 255. @param squared_error  levels²; 0 gives 99 dB.
[[nodiscard]] double psnr(double squared_error);

}  // namespace quality
