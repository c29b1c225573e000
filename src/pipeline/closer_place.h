/// @file
/// From the coarse place that something was found at to the mark in it, by its looks.
#pragma once
#include <cleanplate/detection.h>

#include "matte/crop_stack.h"
#include "matte/estimate.h"
#include "matte/likely.h"

namespace cleanplate {

/// The hint where it lies in what is marked, or hardly beside it. @param marked  0 or 1, as the
/// hint.
[[nodiscard]] Field hint_near(const Field& hint, const Field& marked);

/// Where the mark may be if it is as it looks: all that perhaps is the mark's by its looks and a
/// few samples round it. Empty: its looks leave out little of the hint, or see nothing.
[[nodiscard]] Field narrowed(const Field& hint, const Likely& likely);

/// Where the estimate came of the looks, or all of the place told too little for one, the mark is
/// where it looks like one, and what is round it comes and goes in ways of its own. Not where some
/// of the place changes beside it, as a clock's digits do.
/// @param[in,out] hint      narrowed then.
/// @param[in,out] matte     estimated anew by the narrower hint where it left too much.
/// @param[in,out] by_looks  whether it came of the looks.
void look_closer(const CropStack& seen, const CropStack& placebo, const Box& found,
                 const Likely& likely, Field& hint, MatteEstimate& matte, bool& by_looks);

/// The place as large as what the frames and the looks tell of the mark, where these agree: places
/// are found on a grid, and several times as high as a line of text.
/// @param grid  the estimate's box, which the looks are of.
[[nodiscard]] Box closer_place(const Box& found, const MatteEstimate& estimate,
                               const Likely& likely, const Box& grid);

/// Of a place that needs a proof, where hardly anything else in the picture stays: what stands out
/// in it, where that is plain to see and vanishes when un-blended; else the place as it was found,
/// as what is smaller is then something else.
[[nodiscard]] Box clear_place(const Detection& found, const MatteEstimate& estimate);

}  // namespace cleanplate
