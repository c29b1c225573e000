/// @file
/// What a sample is made of by chance.
#pragma once
#include <cstddef>

#include "core/random.h"

namespace cleanplate::train {

inline bool chance(Random& random, double p) { return random.uniform() < p; }
inline double between(Random& random, double a, double b) { return a + (b - a) * random.uniform(); }

/// One of a list that has some.
template <class List>
const auto& any(const List& list, Random& random) {
  return list[static_cast<std::size_t>(random.below(static_cast<int>(list.size())))];
}

}  // namespace cleanplate::train
