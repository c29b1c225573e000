/// @file
/// Looks through a file for overlays that come and go.
#pragma once
#include <cleanplate/cancel.h>
#include <cleanplate/options.h>

#include <string>
#include <vector>

#include "detect/passing_marks.h"
#include "detect/pop_finder.h"

namespace cleanplate {

/// What popped in the frames that the scan's sample passed through.
struct Pops {
  std::vector<PassingPlace> places;
  int reduction = 1;
  Size grid;
};

/// The same for a clip that was not decoded through: first a few stretches, and only where a
/// pattern comes again in them all of it.
/// @return errors of VideoDecoder; `cancelled`.
[[nodiscard]] Result<Pops> pops_of_long(const std::string& input, const Options& options,
                                        const CancelToken& cancel);

/// Decodes all frames once more, where there is a place to look at, to tell to the frame when it is
/// an overlay's. @return errors of VideoDecoder; `cancelled`.
[[nodiscard]] Result<std::vector<PassingMark>> find_passing(const std::string& input,
                                                            const Options& options, Pops pops,
                                                            const CancelToken& cancel);

}  // namespace cleanplate
