#include "matte/thin_strokes.h"

#include "frame/field.h"

namespace cleanplate {

bool thin_strokes(const OverlayModel& model) {
  constexpr int smear = 2;            // luma samples from an edge
  constexpr double half = .5;         // of its opacity, from which on a sample is a stroke's
  constexpr double hardly_any = .02;  // share of the strokes that lies further in
  const Matte& luma = model.mattes[0];
  Field strokes(luma.box.width, luma.box.height);
  double all = 0, core = 0;
  for (std::size_t i = 0; i < strokes.size(); ++i)
    if (static_cast<double>(luma.alpha[i]) > half * model.alpha_peak) strokes.values[i] = 1, ++all;
  for (const float v : eroded(strokes, smear).values) core += v > 0;
  return core < hardly_any * all;
}

}  // namespace cleanplate
