/// @file
/// Which paint lies where in a mark: found where the plate, taken from under it, hangs together.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "frame/field.h"
#include "matte/crop_stack.h"
#include "matte/likely.h"
#include "matte/palette.h"

namespace cleanplate {

/// What the estimators look at, all on the luma grid.
struct Evidence {
  std::array<Field, 3> mean;      ///< of the pictures seen; chroma enlarged
  std::array<Field, 3> contrast;  ///< D, see contrast.h
  Contrast spread{};              ///< what D may be off by chance, code values
  static constexpr std::size_t most_changes = 12;
  using Changes = std::array<float, most_changes>;
  std::vector<Changes> change;  ///< per sample: luma of a few frames, less the mean; 0 beyond…
  int changes = 0;              ///< …so many
  Likely likely;                ///< by its looks
  int components = 1;
  float unit = 1;  ///< code values to one 8-bit level
  float top = 255;
};
/// So many spreads of D are no chance.
constexpr float beyond_chance = 10;
[[nodiscard]] Evidence evidence_of(const CropStack& seen, std::array<Field, 3> contrast,
                                   const Contrast& spread, Likely likely = {});

/// Per sample 0: no overlay, k: the k-th paint, from 1.
struct PaintMap {
  int width = 0, height = 0;
  std::vector<std::uint8_t> paint;
  /// 1 where all samples round it are of the same paint, so that no edge is mixed in.
  std::vector<std::uint8_t> solid;
  [[nodiscard]] std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
           static_cast<std::size_t>(x);
  }
};

/// No overlay anywhere.
[[nodiscard]] PaintMap bare_map(const Field& hint);
/// The paint whose contrast is nearest to D, none where D is small.
[[nodiscard]] PaintMap nearest_paints(const Evidence& evidence, const Field& hint,
                                      const std::vector<Paint>& paints);

/// How much D has a say: weak where it may be off over whole places.
enum class Votes { none, weak, contrast };

/// The map under which the un-blended plate jumps least at its borders (total variation, in the
/// mean picture and in how frames differ from it), by expansion moves (Boykov, Veksler & Zabih
/// 2001). A border that the scene has by itself explains nothing and costs; a mark's border
/// vanishes with the mark. D is a vote, by how far chance may have moved it. @param map  the start;
/// gets the answer.
/// @return what is left to jump, in levels summed over the samples.
double settle_paints(const Evidence& evidence, const Field& hint, const std::vector<Paint>& paints,
                     PaintMap& map, Votes votes = Votes::contrast, int rounds = 2);
/// That sum for a map as it is.
[[nodiscard]] double jumps_of(const Evidence& evidence, const Field& hint,
                              const std::vector<Paint>& paints, PaintMap map, Votes votes);

void find_solid(PaintMap& map);
/// Each paint's core becomes all that the map gives it.
void find_cores(const PaintMap& map, std::vector<Paint>& paints);

/// The plate under a paint, and what is left of a change there; `paint` 0: as seen.
struct Unblended {
  float through, premultiplied[3], top;
  Unblended(const std::vector<Paint>& paints, int paint, float top);
  [[nodiscard]] float plate(float seen, int c) const {
    const float j = (seen - premultiplied[c]) / through;
    return j < 0 ? 0 : j > top ? top : j;
  }
};

}  // namespace cleanplate
