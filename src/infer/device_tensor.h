/// @file
/// A batch of pictures as networks take them, where a device's kernels make and read them.
#pragma once
#include <cleanplate/network.h>

#include <array>
#include <string>

#include "device/device_core.h"

namespace cleanplate {

/// 32-bit floats, N × C × H × W without gaps, in memory of the device's own. A network on the same
/// card takes them where they lie. By the end of its life the work that uses it must be done.
class DeviceTensor {
 public:
  DeviceTensor() = default;
  /// @return `out_of_memory`, `device`.
  [[nodiscard]] static Result<DeviceTensor> create(const Device& device, int pictures, int channels,
                                                   int height, int width);

  /// H × W.
  [[nodiscard]] DeviceView<float> plane(int picture, int channel) const;
  /// All rows of some pictures, one below the other.
  [[nodiscard]] DeviceView<float> rows(int first, int count) const;
  /// The same for Network::run: to be looked at by a call in a stream only.
  [[nodiscard]] TensorView view(int first, int count) const;
  [[nodiscard]] int pictures() const { return pictures_; }

 private:
  Buffer memory_;
  int pictures_ = 0, channels_ = 0, height_ = 0, width_ = 0;
  int card_ = -1;
};

/// NetworkOptions::device of the networks that work on this device's memory: "cuda:0", "cpu".
/// @param device  may be empty.
[[nodiscard]] std::string network_device(const Device& device);

}  // namespace cleanplate
