#include "infer/user_network.h"

#include <fmt/format.h>

#include "core/try.h"
#include "infer/device_tensor.h"
#include "infer/settings.h"

namespace cleanplate {

namespace {

std::string words(const NetworkSettings& s) {
  return fmt::format("tf32={} cudnn_benchmark={}", s.tf32, s.cudnn_benchmark);
}

/// Of the whole card, as libtorch counts it.
double share_left(const MemoryInfo& memory) {
  return memory.card > 0 ? static_cast<double>(memory.free) / static_cast<double>(memory.card) : 0;
}

}  // namespace

Result<UserNetwork> load_user_network(const char* stage, const std::string& model,
                                      const Options& options, const Device& device) {
  return guarded(stage, [&]() -> Result<UserNetwork> {
    CP_TRY(Network network, Network::load({model}, {network_device(device), {}}));
    UserNetwork loaded{std::move(network)};
    if (!device || !device.core().card()) return loaded;
    NetworkSettings wanted;
    wanted.tf32 = options.tf32;
    wanted.cudnn_benchmark = options.cudnn_benchmark;
    wanted.gpu_memory_fraction = share_left(device.core().memory());
    CP_TRY(const NetworkSettings now, settle_network_settings(wanted));
    if (now.tf32 != wanted.tf32 || now.cudnn_benchmark != wanted.cudnn_benchmark)
      loaded.otherwise = {
          stage, words(wanted), words(now),
          "libtorch's settings are the whole process's and were set to other values before; ask "
          "for the same in each job, or run this one in a process of its own.",
          0};
    return loaded;
  });
}

}  // namespace cleanplate
