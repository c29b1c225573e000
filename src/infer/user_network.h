/// @file
/// The user's network, on the device that the job works on.
#pragma once
#include <cleanplate/device.h>
#include <cleanplate/network.h>
#include <cleanplate/options.h>
#include <cleanplate/report.h>

#include <optional>
#include <string>

namespace cleanplate {

struct UserNetwork {
  Network network;
  /// The process's libtorch is set otherwise than these options ask for.
  std::optional<Degradation> otherwise = {};
};

/// With the first network on a card libtorch is set as `tf32` and `cudnn_benchmark` say, for the
/// whole process, and its allocator may have what our own memory has left of `gpu_memory_fraction`.
/// @param stage  which is told of in `otherwise`. @param device  empty: the host.
/// @return errors of Network::load and set_network_settings.
[[nodiscard]] Result<UserNetwork> load_user_network(const char* stage, const std::string& model,
                                                    const Options& options, const Device& device);

}  // namespace cleanplate
