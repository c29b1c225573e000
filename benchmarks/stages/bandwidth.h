/// @file
/// How fast a device runs each kernel, against its memory.
#pragma once
#include <cleanplate/device.h>

#include <string>
#include <vector>

namespace bench {

struct KernelRate {
  std::string kernel;
  double bytes = 0;    ///< read and written once, a launch
  double seconds = 0;  ///< a launch
};

/// Over a whole 1080p plane; the answer is compared with the host's before it is timed.
/// @throws std::runtime_error: a failure of the device, a wrong answer.
[[nodiscard]] std::vector<KernelRate> kernel_rates(const cleanplate::Device& device);

}  // namespace bench
