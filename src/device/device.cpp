#include <cleanplate/device.h>

#include "core/try.h"
#include "device/device_core.h"
#include "device/host_device.h"

namespace cleanplate {

Result<Device> Device::open(const Options& options) {
  return guarded("device", [&]() -> Result<Device> {
    if (options.device != "auto" && options.device != "cpu")
      return Error{
          Code::device, "device",
          "device=" + options.device +
              " was asked for, but this build has no CUDA device; use device=cpu or auto."};
    CP_TRY(auto host, HostDevice::create(options));
    return Device(std::move(host));
  });
}

std::string Device::name() const { return core_ ? core_->name() : std::string(); }

Result<Buffer> DeviceCore::allocate(std::size_t bytes) {
  return guarded("device", [&]() -> Result<Buffer> {
    CP_TRY(void* address, take(bytes));
    return Buffer(shared_from_this(), address, bytes);
  });
}

Buffer::~Buffer() {
  if (address_) core_->give_back(address_, bytes_);
}

}  // namespace cleanplate
