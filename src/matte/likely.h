/// @file
/// Which samples are an overlay's by their looks alone.
#pragma once
#include "frame/field.h"

namespace cleanplate {

/// On the luma grid of a place. Empty: nobody looked.
struct Likely {
  Field overlay;       ///< 0…1: the sample is the overlay's; 0 where it may not be
  double opacity = 0;  ///< 0…1, median over what surely is the overlay's; 0: nothing surely is

  [[nodiscard]] bool known() const { return opacity > 0; }
};

}  // namespace cleanplate
