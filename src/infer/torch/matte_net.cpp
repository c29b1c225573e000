#include "infer/torch/matte_net.h"

#include "infer/torch/loaders.h"
#include "infer/torch/weights.h"

namespace cleanplate::infer {

Forward load_matte_net(const std::string& path, c10::Device device) {
  const Convolutions layers = load_layers(path, matte_layers, device);
  return [layers](std::vector<c10::IValue>& inputs) -> c10::IValue {
    return matte_logits(pictures_in(inputs, 4, matte_multiple), layers);
  };
}

}  // namespace cleanplate::infer
