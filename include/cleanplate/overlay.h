/// @file
/// What an overlay is made of: I = αW + (1−α)J, seen I, background J, opacity α, colour W.
#pragma once
#include <cleanplate/geometry.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace cleanplate {

/// One component's matte on that component's own grid (chroma maps are resampled, so that the
/// blend holds in Y, Cb and Cr alike).
struct Matte {
  Box box;                    ///< in the component's samples
  std::vector<float> alpha;   ///< 0…1, box.height rows of box.width
  std::vector<float> colour;  ///< W in code values of `bits`, same layout; any value where α = 0
  std::vector<float> trust;  ///< 0…1: how much of a sample comes from un-blending, the rest is fill
};

/// How the samples under an overlay are brought back.
enum class Method : std::int32_t {
  automatic = 0,   ///< per overlay and sample, by expected error
  unblend = 1,     ///< J = (I − αW)/(1 − α)
  propagate = 2,   ///< from other frames
  synthesize = 3,  ///< a network, else `fill`
  fill = 4,        ///< the classical fill from the surroundings
};

/// A static overlay: estimated, or given as a master.
struct OverlayModel {
  int bits = 8;                 ///< depth that colours are in
  std::array<Matte, 3> mattes;  ///< Y, Cb, Cr; the chroma ones empty for grey
  double alpha_peak = 0;        ///< 98th percentile of α inside, 0…1
  double alpha_error = 1;       ///< standard error of the α scale
  /// 0…1: how much the estimate is to be trusted; below 0.5 the fill is used instead.
  double confidence = 0;
  std::string note;  ///< why the confidence is low; empty otherwise
};

}  // namespace cleanplate
