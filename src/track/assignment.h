/// @file
/// Who belongs to whom at the least cost.
#pragma once
#include <vector>

namespace cleanplate {

/// Kuhn 1955, by shortest augmenting paths; O(n³).
/// @param cost  rows × columns, row by row, finite. @param most  a pair that costs more is none.
/// @return per row its column, −1 none; of all choices the one of least sum, where a row or a
///         column that stays alone costs half of `most`.
[[nodiscard]] std::vector<int> assign(const std::vector<double>& cost, int rows, int columns,
                                      double most);

}  // namespace cleanplate
