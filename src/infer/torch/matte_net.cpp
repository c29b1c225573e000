#include "infer/torch/matte_net.h"

#include <stdexcept>

#include "infer/torch/loaders.h"
#include "infer/torch/weights.h"

namespace cleanplate::infer {

Forward load_matte_net(const std::string& path, c10::Device device) {
  const Convolutions layers = load_layers(path, matte_layers, device);
  return [layers](std::vector<c10::IValue>& inputs) -> c10::IValue {
    if (inputs.size() != 1 || !inputs[0].isTensor())
      throw std::runtime_error("it takes one tensor of pictures");
    const at::Tensor& seen = inputs[0].toTensor();
    if (seen.dim() != 4 || seen.size(1) != 4 || seen.size(2) % matte_multiple ||
        seen.size(3) % matte_multiple || seen.numel() == 0 || seen.scalar_type() != at::kFloat)
      throw std::runtime_error("it takes 32-bit floats of N x 4 x H x W, H and W multiples of 16");
    return matte_logits(seen, layers);
  };
}

}  // namespace cleanplate::infer
