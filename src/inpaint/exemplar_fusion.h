/// @file
/// The texture of other places laid over a smooth fill, without a seam.
#pragma once
#include <cleanplate/frame.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "inpaint/exemplar_search.h"
#include "inpaint/fill_crop.h"
#include "inpaint/passing.h"
#include "inpaint/propagate_gather.h"
#include "inpaint/texture_strength.h"

namespace cleanplate {

/// An anchor's steps, none or all, and what they count.
struct ExemplarSource {
  std::span<const ExemplarStep> steps;
  float weight = 0;  ///< 0…1; the anchors' sum to 1
};

/// What PassingFinder knows of a frame.
struct ExemplarPlaces {
  const std::vector<float>& passing;   ///< there the median over time is taken instead
  const std::vector<float>& restless;  ///< not taken where its tone is not the fill's
  const SmallPicture& seen;            ///< the frame as it came
  const SmallPicture& filled;          ///< the frame with its hole filled
};

/// Takes the texture that steps lead to in the frame itself, and adds what of it the fill lacks:
/// the fill's gradients become the source's, as far as they are finer than some samples (screened
/// Poisson equation: Pérez et al. 2003, Bhat et al. 2008), not much more than is usual round the
/// hole, and not in full, as texture that is made up costs likeness to what was there.
/// Threads: one object, one thread at a time.
class ExemplarFusion {
 public:
  ExemplarFusion(PixelFormat format, const HoleMasks& holes);

  /// Whether there is texture round the hole in a frame as it came.
  [[nodiscard]] bool textured(const CropPlane& luma);
  /// Whether anything is made up at all: not where other frames show all of it.
  /// @param share  of the spatial fill in each hole sample of a component, 0…1.
  [[nodiscard]] static bool wanted(std::span<const float> share);

  /// @param around  frames in which `places` looked for what passes; the frame itself comes first.
  /// @param share   per component: of the spatial fill in each hole sample, in raster order, 0…1.
  /// @param[in,out] out  the frame with its hole filled; only the hole's samples are written.
  void add(std::span<const ExemplarSource> from, const ExemplarPlaces& places,
           std::span<const Neighbour> around, const std::array<std::span<const float>, 3>& share,
           Crop& out);

 private:
  /// One component.
  struct Plane {
    int width = 0, height = 0, shift_x = 0, shift_y = 0;
    float noise = 0;                         ///< code values: less is no texture
    std::vector<int> holes;                  ///< places
    std::vector<std::array<int, 4>> beside;  ///< per hole: left, right, up, down in `holes`; or:
    std::vector<std::uint8_t> known;  ///< samples that may be taken, with all four beside them
    std::vector<float> inside;        ///< per hole: 0 at the rim to 1 where nothing known is near
    std::vector<float> pull, detail;  ///< per hole
    TextureStrength strength;
    /// By how much a sample is off those beside it, all together.
    [[nodiscard]] float off(const CropPlane& samples, std::size_t hole, int place) const;
  };
  static constexpr int outside = -1, absent = -2;
  void guide(std::size_t component, std::span<const ExemplarSource> from,
             const ExemplarPlaces& places, std::span<const Neighbour> around,
             const CropPlane& base);
  float fit(const ExemplarPlaces& places, std::size_t here, std::size_t there, float usual) const;
  float standing(const Plane& plane, std::size_t component, std::span<const Neighbour> around,
                 std::size_t hole, int source);
  static void solve(Plane& plane);

  float scale_;
  int max_value_, steps_wide_, places_wide_;
  std::array<Plane, 3> planes_;
  std::vector<Motion> motions_;  // to those around, on the component's grid
  std::vector<float> values_;
};

}  // namespace cleanplate
