#include <cleanplate/device.h>

#include "core/try.h"
#include "device/cuda_facts.h"
#include "device/device_core.h"
#include "device/host_device.h"
#include "device/open_device.h"

namespace cleanplate {

namespace {
Result<Device> open_host(const Options& options) {
  CP_TRY(auto host, HostDevice::create(options));
  return Device(std::move(host));
}

Error no_cuda_device(const std::string& name) {
  const CudaFacts facts = cuda_facts();
  return {Code::device, "device",
          "A picture in a card's memory was given to the device " + name +
              ", which is no CUDA card: " +
              (facts.built ? "open one with device=cuda, or hand over frames in the host's memory."
                           : "this build has no CUDA in it; build it with -DCLEANPLATE_CUDA=ON, or "
                             "hand over frames in the host's memory.")};
}
}  // namespace

Result<OpenedDevice> open_device(const Options& options) {
  return guarded("device", [&]() -> Result<OpenedDevice> {
    CP_CHECK(check_options(options));
    const bool any = options.device == "auto";
    if (options.device == "cpu" || (any && !cuda_facts().built)) {
      CP_TRY(Device host, open_host(options));
      return OpenedDevice{std::move(host), {}};
    }
    auto card = open_cuda(options, card_of(options.device));
    if (card) return OpenedDevice{Device(*std::move(card)), {}};
    if (!any && options.strict) return std::move(card).error();
    CP_TRY(Device host, open_host(options));
    Degradation instead{"device", any ? "cuda" : options.device, host.name(), card.error().message,
                        0};
    return OpenedDevice{std::move(host), std::move(instead)};
  });
}

Result<Device> Device::open(const Options& options) {
  Options exactly = options;
  exactly.strict = true;
  CP_TRY(OpenedDevice opened, open_device(exactly));
  return std::move(opened.device);
}

std::string Device::name() const { return core_ ? core_->name() : std::string(); }

Result<Buffer> DeviceCore::allocate(std::size_t bytes, Memory kind) {
  return guarded("device", [&]() -> Result<Buffer> {
    CP_TRY(void* address, take(bytes, kind));
    return Buffer(shared_from_this(), address, bytes, kind);
  });
}

Result<void> DeviceCore::bring_in(const Outside& /*work*/, std::span<const Copy> /*planes*/) {
  return guarded("device", [&]() -> Result<void> { return no_cuda_device(name()); });
}
Result<void> DeviceCore::hand_out(const Outside& /*work*/, std::span<const Copy> /*planes*/) {
  return guarded("device", [&]() -> Result<void> { return no_cuda_device(name()); });
}

Buffer::~Buffer() {
  if (address_) core_->give_back(address_, bytes_, kind_);
}

}  // namespace cleanplate
