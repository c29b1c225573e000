#include "pipeline/closer_place.h"

#include <algorithm>

#include "composite/component_mask.h"
#include "matte/outline.h"
#include "pipeline/method_choice.h"
#include "pipeline/proof.h"

namespace cleanplate {

namespace {

constexpr float perhaps = .3f;    // probability by looks that a sample is the mark's
constexpr float surely = .5f;     // likewise
constexpr int reach = 3;          // luma samples round those that may be its too
constexpr double least_off = .2;  // share of the hint that must be left out to be worth it

Box surely_in(const Likely& likely, const Box& grid) {
  std::vector<std::uint8_t> marked;
  for (const float p : likely.overlay.values) marked.push_back(p > surely ? 255 : 0);
  return box_of(marked, grid);
}

/// A fill is safer by all of the place: a clock's digits look like no mark while they change.
bool may_be_opaque(const MatteEstimate& e) {
  return std::max(e.opacity, e.model->alpha_peak) + 2 * e.model->alpha_error > surely_opaque;
}

}  // namespace

Field hint_near(const Field& hint, const Field& marked) {
  Field out = dilated(marked, reach);
  for (std::size_t i = 0; i < out.size(); ++i)
    out.values[i] = std::min(out.values[i], hint.values[i]);
  return out;
}

Field narrowed(const Field& hint, const Likely& likely) {
  if (!likely.known()) return {};
  Field marked(hint.width, hint.height);
  for (std::size_t i = 0; i < hint.size(); ++i)
    marked.values[i] = likely.overlay.values[i] > perhaps ? 1.f : 0.f;
  Field near = hint_near(hint, marked);
  const auto covered = [](const Field& f) {
    return static_cast<double>(
        std::count_if(f.values.begin(), f.values.end(), [](float v) { return v > 0; }));
  };
  const double left = covered(near);
  if (left == 0 || left > (1 - least_off) * covered(hint)) return {};
  return near;
}

void look_closer(const CropStack& seen, const CropStack& placebo, const Box& found,
                 const Likely& likely, Field& hint, MatteEstimate& matte, bool& by_looks) {
  const bool lost = !matte.model || matte.left > most_left;
  Field narrow = by_looks || lost ? narrowed(hint, likely) : Field();
  if (narrow.empty()) return;
  if (!lost) {
    hint = std::move(narrow);
    return;
  }
  MatteEstimate close = estimate_matte(seen, placebo, narrow, likely);
  if (!close.model || (matte.model && close.left >= matte.left) || may_be_opaque(close) ||
      changes_beside(*close.support, seen, found))
    return;
  hint = std::move(narrow);
  matte = std::move(close), by_looks = true;
}

Box clear_place(const Detection& found, const MatteEstimate& estimate) {
  constexpr double hardly_else = .65;  // score
  if (found.score <= hardly_else || found.score >= sure_score || !estimate.model ||
      spans(*estimate.support, found.box) || estimate.stands_out < plain_outline ||
      estimate.left > proof_left)
    return found.box;
  return box_of(estimate.support->values, estimate.support->box);
}

Box closer_place(const Box& found, const MatteEstimate& estimate, const Likely& likely,
                 const Box& grid) {
  if (!estimate.model || !likely.known()) return found;
  const Box looks = surely_in(likely, grid);
  if (looks.empty() || !spans(*estimate.support, looks)) return found;
  const Box closer = looks.unite(box_of(estimate.support->values, estimate.support->box));
  return closer.area() < found.area() ? closer : found;
}

}  // namespace cleanplate
