/// @file
/// Parts of a mark that were given another part's paint.
#pragma once
#include "matte/paint_choice.h"

namespace cleanplate {

/// Gives parts of a mark that are of a colour of their own, by what is right beside them, a paint
/// each: D may be off by more than they differ. The new paints' colours are a first guess.
/// @return whether there are such.
bool split_off(const Evidence& evidence, PaintedMark& mark);

}  // namespace cleanplate
