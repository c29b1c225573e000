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

}  // namespace cleanplate::infer
