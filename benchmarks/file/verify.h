/// @file
/// Whether a way's output is what it should be, so that its time means something.
#pragma once
#include <string>

#include "setup/job.h"
#include "setup/material.h"

namespace bench {

struct Verified {
  double psnr = 0;    ///< luma in the support against the clean clip, dB
  int flashes = 0;    ///< frames with |ρ| > 0.25, DESIGN §12
  std::string wrong;  ///< empty: right
};

/// The same frames, times and sound as the input; ours: at least 3 dB better than untouched and no
/// flash; a filter: the mark's place is not as the plain transcode left it.
/// @param plain  the verified plain output's; null for that one itself.
[[nodiscard]] Verified verify(const Material& material, const Job& job, const Run& run,
                              const Verified* plain);

}  // namespace bench
