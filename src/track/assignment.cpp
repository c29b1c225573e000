#include "track/assignment.h"

#include <cstddef>
#include <limits>

namespace cleanplate {

std::vector<int> assign(const std::vector<double>& cost, int rows, int columns, double most) {
  // Square: each row may stay alone in a column of its own, each column in a row of its own.
  const int n = rows + columns;
  const auto at = [&](int r, int c) -> double {
    if (r < rows && c < columns)
      return cost[static_cast<std::size_t>(r) * static_cast<std::size_t>(columns) +
                  static_cast<std::size_t>(c)];
    return r >= rows && c >= columns ? 0 : most / 2;
  };
  const auto size = static_cast<std::size_t>(n) + 1;
  std::vector<double> row_price(size, 0), column_price(size, 0);
  std::vector<int> row_of(size, 0), way(size, 0);
  for (int r = 1; r <= n; ++r) {
    row_of[0] = r;
    int column = 0;
    std::vector<double> least(size, std::numeric_limits<double>::infinity());
    std::vector<bool> used(size, false);
    do {
      used[static_cast<std::size_t>(column)] = true;
      const int row = row_of[static_cast<std::size_t>(column)];
      double step = std::numeric_limits<double>::infinity();
      int next = 0;
      for (int c = 1; c <= n; ++c) {
        const auto k = static_cast<std::size_t>(c);
        if (used[k]) continue;
        const double reduced =
            at(row - 1, c - 1) - row_price[static_cast<std::size_t>(row)] - column_price[k];
        if (reduced < least[k]) least[k] = reduced, way[k] = column;
        if (least[k] < step) step = least[k], next = c;
      }
      for (std::size_t k = 0; k < size; ++k)
        if (used[k])
          row_price[static_cast<std::size_t>(row_of[k])] += step, column_price[k] -= step;
        else
          least[k] -= step;
      column = next;
    } while (row_of[static_cast<std::size_t>(column)] != 0);
    for (; column != 0; column = way[static_cast<std::size_t>(column)])
      row_of[static_cast<std::size_t>(column)] =
          row_of[static_cast<std::size_t>(way[static_cast<std::size_t>(column)])];
  }
  std::vector<int> out(static_cast<std::size_t>(rows), -1);
  for (int c = 1; c <= columns; ++c)
    if (const int r = row_of[static_cast<std::size_t>(c)]; r >= 1 && r <= rows)
      out[static_cast<std::size_t>(r - 1)] = c - 1;
  for (int r = 0; r < rows; ++r)
    if (int& c = out[static_cast<std::size_t>(r)]; c >= 0 && at(r, c) > most) c = -1;
  return out;
}

}  // namespace cleanplate
