#include "infer/torch/overlay_net.h"

#include <map>
#include <memory>
#include <stdexcept>

#include "infer/safetensors.h"
#include "infer/torch/loaders.h"

namespace cleanplate::infer {

namespace {
struct Weights {
  at::Tensor weight[overlay_layer_count], bias[overlay_layer_count];
};

at::Tensor taken(std::map<std::string, NamedTensor>& all, const std::string& name,
                 const std::vector<std::int64_t>& shape) {
  const auto found = all.find(name);
  if (found == all.end()) throw std::runtime_error("the weights lack '" + name + "'");
  if (found->second.shape != shape)
    throw std::runtime_error("the weights' '" + name + "' has another shape than the network");
  at::Tensor tensor = torch::from_blob(found->second.values.data(), shape, at::kFloat).clone();
  all.erase(found);
  return tensor;
}
}  // namespace

Forward load_overlay_net(const std::string& path, c10::Device device) {
  auto read = read_safetensors(path);
  if (!read) throw std::runtime_error(read.error().message);
  std::map<std::string, NamedTensor> all;
  for (NamedTensor& tensor : *read) {
    std::string name = tensor.name;
    all.emplace(std::move(name), std::move(tensor));
  }
  auto weights = std::make_shared<Weights>();
  for (std::size_t i = 0; i < overlay_layer_count; ++i) {
    const OverlayLayer& l = overlay_layers[i];
    weights->weight[i] =
        taken(all, std::string(l.name) + ".weight", {l.out, l.in, l.kernel, l.kernel})
            .to(device, at::kFloat, false, false, at::MemoryFormat::ChannelsLast);
    weights->bias[i] = taken(all, std::string(l.name) + ".bias", {l.out}).to(device);
  }
  if (!all.empty())
    throw std::runtime_error("the weights hold '" + all.begin()->first +
                             "', which the network has no place for");
  return [weights](std::vector<c10::IValue>& inputs) -> c10::IValue {
    if (inputs.size() != 1 || !inputs[0].isTensor())
      throw std::runtime_error("it takes one tensor of pictures");
    const at::Tensor& rgb = inputs[0].toTensor();
    if (rgb.dim() != 4 || rgb.size(1) != 3 || rgb.size(2) % overlay_multiple ||
        rgb.size(3) % overlay_multiple || rgb.numel() == 0 || rgb.scalar_type() != at::kFloat)
      throw std::runtime_error("it takes 32-bit floats of N x 3 x H x W, H and W multiples of 16");
    return overlay_logits(rgb, [&](std::size_t i, const at::Tensor& x) {
      const OverlayLayer& l = overlay_layers[i];
      return at::conv2d(x, weights->weight[i], weights->bias[i], l.stride,
                        l.dilation * (l.kernel / 2), l.dilation);
    });
  };
}

}  // namespace cleanplate::infer
