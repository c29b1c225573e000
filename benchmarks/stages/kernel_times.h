/// @file
/// What each kernel of the path takes, at the sizes that the path has.
#pragma once
#include <cleanplate/device.h>

#include <string>
#include <vector>

#include "stages/stages.h"

namespace bench {

struct KernelTime {
  std::string kernel;
  double launches = 0;      ///< a frame
  double seconds = 0;       ///< a launch
  double bytes = 0;         ///< that a launch says it reads and writes
  double copy_seconds = 0;  ///< a copy within the device that reads and writes as many
};

/// Restores the first frames, where the whole job has them. Each launch is run several times over,
/// so that its start hardly counts; what comes out is nobody's.
/// @return those that take longest first. @throws std::runtime_error: a failure of the device.
[[nodiscard]] std::vector<KernelTime> kernel_times(const Loaded& clip,
                                                   const cleanplate::Device& device, int frames);

/// Of a copy within the device that reads and writes so many bytes in all.
[[nodiscard]] double copy_seconds(const cleanplate::Device& device, double bytes);

}  // namespace bench
