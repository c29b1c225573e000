/// @file
/// Samples on both sides of a mark's outline.
#pragma once
#include <utility>
#include <vector>

#include "frame/field.h"

namespace cleanplate {

/// A sample well inside the mark, and the nearest one that nothing of it covers.
using PairAcross = std::pair<std::size_t, std::size_t>;
/// Of all samples with more than 60 % of the matte's greatest opacity that have one within 5.
[[nodiscard]] std::vector<PairAcross> pairs_across(const Field& alpha);

}  // namespace cleanplate
