/// @file
/// Whether a filled place looks like what is round it: its texture and its liveliness.
#pragma once
#include <array>
#include <vector>

#include "crop.h"

namespace quality {

/// How a set of luma samples looks; levels are 8-bit code values whatever the depth.
struct TextureLook {
  double variance = 0;  ///< mean of the variances in windows of 5 × 5, levels²
  /// Shares of differences between neighbours of 0, 1, 2, 3–4, 5–8, 9–16, 17–32 and more levels.
  std::array<double, 8> gradients{};
  bool known = false;  ///< whether there was enough to look at
};

/// The overlay's support (α > 2/255), and the ring from 3 to 16 luma samples round it.
struct TextureLooks {
  TextureLook place, ring;
};
/// @param output  reaches 16 luma samples beyond the support where the picture does.
[[nodiscard]] TextureLooks texture(const Crop& output, const demo::Overlay& truth);

/// A clip's figures; 0 where nothing could be looked at.
struct TextureScore {
  double variance = 0;   ///< mean |ln((place + 1) / (ring + 1))| of the variances; 0 alike
  double gradients = 0;  ///< mean distance of the histograms, in bins (octaves); 0 alike, 7 at most
  double place_change = 0, ring_change = 0;  ///< mean |O_t − O_(t−1)| of luma, levels
};

/// Frames are added in order. Threads: one object, one thread at a time.
class TextureScorer {
 public:
  void add(const Crop& output, const demo::Overlay& truth);
  [[nodiscard]] TextureScore score() const;

 private:
  TextureScore sums_;
  int looks_ = 0, changes_ = 0;
  Crop before_;
};

}  // namespace quality
