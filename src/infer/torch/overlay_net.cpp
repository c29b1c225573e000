#include "infer/torch/overlay_net.h"

#include "infer/torch/loaders.h"
#include "infer/torch/weights.h"

namespace cleanplate::infer {

Forward load_overlay_net(const std::string& path, c10::Device device) {
  const Convolutions layers = load_layers(path, overlay_layers, device);
  return [layers](std::vector<c10::IValue>& inputs) -> c10::IValue {
    return overlay_logits(pictures_in(inputs, 3, overlay_multiple), layers);
  };
}

}  // namespace cleanplate::infer
