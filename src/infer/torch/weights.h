/// @file
/// Our own networks' weights, each in the place that its network has for it.
#pragma once
#include <torch/script.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "infer/torch/layer.h"

namespace cleanplate::infer {

/// (layer's number, tensor) → tensor: each layer's convolution with its bias.
class Convolutions {
 public:
  at::Tensor operator()(std::size_t layer, const at::Tensor& x) const;

 private:
  friend Convolutions load_layers(const std::string&, std::span<const Layer>, c10::Device);
  struct One {
    at::Tensor weight, bias;
    int stride, padding, dilation;
  };
  std::shared_ptr<std::vector<One>> all_ = std::make_shared<std::vector<One>>();
};

/// @param path  a safetensors file: NAME.weight and NAME.bias of each layer, and nothing else.
/// Throws std::runtime_error with what is wrong with the file.
Convolutions load_layers(const std::string& path, std::span<const Layer> layers,
                         c10::Device device);

/// The one argument of our own networks: 32-bit floats of N × channels × H × W, H and W multiples.
/// Throws std::runtime_error with what it takes where it is something else.
const at::Tensor& pictures_in(const std::vector<c10::IValue>& inputs, int channels, int multiple);

}  // namespace cleanplate::infer
