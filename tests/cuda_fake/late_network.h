/// @file
/// A made-up network library whose passes are work in the stream that they are given, as libtorch's
/// are: late, and in memory of its own that is worth nothing once an answer was let go.
#pragma once

namespace fake {

/// For this process, in libtorch's place. Any file is a network: of one input a detector that sees
/// the middle of each picture, and scores it by how red the picture is; of two an inpainter that
/// fills with the mean of what is known.
void load_late_network();
/// Passes on a card so far.
[[nodiscard]] int passes_on_card();

}  // namespace fake
