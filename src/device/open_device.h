/// @file
/// The device for a job: the one that was asked for, or the host and the reason.
#pragma once
#include <cleanplate/device.h>
#include <cleanplate/report.h>

#include <optional>

namespace cleanplate {

struct OpenedDevice {
  Device device;
  std::optional<Degradation> instead;  ///< stage "device": the host, for want of a card
};

/// A card that was asked for by name and cannot be had is an error under `strict` only; device=auto
/// takes what there is, and says so where the build has CUDA.
/// @return `device`.
[[nodiscard]] Result<OpenedDevice> open_device(const Options& options);

}  // namespace cleanplate
