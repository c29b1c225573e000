#include "infer/torch/overlay_net.h"

#include <stdexcept>

#include "infer/torch/loaders.h"
#include "infer/torch/weights.h"

namespace cleanplate::infer {

Forward load_overlay_net(const std::string& path, c10::Device device) {
  const Convolutions layers = load_layers(path, overlay_layers, device);
  return [layers](std::vector<c10::IValue>& inputs) -> c10::IValue {
    if (inputs.size() != 1 || !inputs[0].isTensor())
      throw std::runtime_error("it takes one tensor of pictures");
    const at::Tensor& rgb = inputs[0].toTensor();
    if (rgb.dim() != 4 || rgb.size(1) != 3 || rgb.size(2) % overlay_multiple ||
        rgb.size(3) % overlay_multiple || rgb.numel() == 0 || rgb.scalar_type() != at::kFloat)
      throw std::runtime_error("it takes 32-bit floats of N x 3 x H x W, H and W multiples of 16");
    return overlay_logits(rgb, layers);
  };
}

}  // namespace cleanplate::infer
