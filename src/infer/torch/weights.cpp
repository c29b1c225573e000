#include "infer/torch/weights.h"

#include <map>
#include <stdexcept>

#include "infer/safetensors.h"

namespace cleanplate::infer {

namespace {
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

at::Tensor Convolutions::operator()(std::size_t layer, const at::Tensor& x) const {
  const One& l = (*all_)[layer];
  return at::conv2d(x, l.weight, l.bias, l.stride, l.padding, l.dilation);
}

Convolutions load_layers(const std::string& path, std::span<const Layer> layers,
                         c10::Device device) {
  auto read = read_safetensors(path);
  if (!read) throw std::runtime_error(read.error().message);
  std::map<std::string, NamedTensor> all;
  for (NamedTensor& tensor : *read) {
    std::string name = tensor.name;
    all.emplace(std::move(name), std::move(tensor));
  }
  Convolutions out;
  for (const Layer& l : layers)
    out.all_->push_back(
        {taken(all, std::string(l.name) + ".weight", {l.out, l.in, l.kernel, l.kernel})
             .to(device, at::kFloat, false, false, at::MemoryFormat::ChannelsLast),
         taken(all, std::string(l.name) + ".bias", {l.out}).to(device), l.stride,
         l.dilation * (l.kernel / 2), l.dilation});
  if (!all.empty())
    throw std::runtime_error("the weights hold '" + all.begin()->first +
                             "', which the network has no place for");
  return out;
}

const at::Tensor& pictures_in(const std::vector<c10::IValue>& inputs, int channels, int multiple) {
  if (inputs.size() != 1 || !inputs[0].isTensor())
    throw std::runtime_error("it takes one tensor of pictures");
  const at::Tensor& seen = inputs[0].toTensor();
  if (seen.dim() != 4 || seen.size(1) != channels || seen.size(2) % multiple ||
      seen.size(3) % multiple || seen.numel() == 0 || seen.scalar_type() != at::kFloat)
    throw std::runtime_error("it takes 32-bit floats of N x " + std::to_string(channels) +
                             " x H x W, H and W multiples of " + std::to_string(multiple));
  return seen;
}

}  // namespace cleanplate::infer
