/// @file
/// libtorch's settings, which are the whole process's, as a job asks for them.
#pragma once
#include <cleanplate/network.h>

namespace cleanplate {

/// Sets what a job wants, where nothing was set before. Else the process keeps what it has, the
/// host program's by `set_network_settings` or an earlier job's: a network may be at work under it.
/// The bound of an earlier job on a fuller card is raised, though.
/// @return what holds now; errors as set_network_settings. Threads: any.
[[nodiscard]] Result<NetworkSettings> settle_network_settings(const NetworkSettings& wanted);

}  // namespace cleanplate
