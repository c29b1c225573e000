#include "infer/device_tensor.h"

#include "core/try.h"

namespace cleanplate {

Result<DeviceTensor> DeviceTensor::create(const Device& device, int pictures, int channels,
                                          int height, int width) {
  DeviceTensor made;
  made.pictures_ = pictures, made.channels_ = channels;
  made.height_ = height, made.width_ = width;
  made.card_ = device.core().card().value_or(-1);
  const std::size_t one = static_cast<std::size_t>(channels) * static_cast<std::size_t>(height) *
                          static_cast<std::size_t>(width);
  CP_TRY(made.memory_,
         device.core().allocate(static_cast<std::size_t>(pictures) * one * sizeof(float)));
  return made;
}

DeviceView<float> DeviceTensor::plane(int picture, int channel) const {
  const auto before = static_cast<std::size_t>(picture * channels_ + channel) *
                      static_cast<std::size_t>(height_) * static_cast<std::size_t>(width_);
  return memory_.view<float>(width_, height_, before * sizeof(float));
}

DeviceView<float> DeviceTensor::rows(int first, int count) const {
  const DeviceView<float> top = plane(first, 0);
  return {top.first, top.stride, width_, count * channels_ * height_};
}

TensorView DeviceTensor::view(int first, int count) const {
  TensorView made = TensorView::dense(plane(first, 0).first.address(), Scalar::f32,
                                      {count, channels_, height_, width_});
  made.device = card_;
  return made;
}

std::string network_device(const Device& device) {
  const auto card = device ? device.core().card() : std::nullopt;
  return card ? "cuda:" + std::to_string(*card) : "cpu";
}

}  // namespace cleanplate
