#include "infer/torch/loaders.h"

namespace cleanplate::infer {

namespace {
Forward load_torchscript(const std::string& path, c10::Device device) {
  auto module = std::make_shared<torch::jit::Module>(torch::jit::load(path, device));
  module->eval();
  return [module](std::vector<c10::IValue>& inputs) { return module->forward(inputs); };
}

constexpr Loader loaders[] = {
    {"torchscript", load_torchscript},
    {"overlay_net", load_overlay_net},
    {"matte_net", load_matte_net},
};
}  // namespace

const Loader* loader_for(const std::string& format) {
  for (const Loader& loader : loaders)
    if (format == loader.format) return &loader;
  return nullptr;
}

const std::string& loader_formats() {
  static const std::string all = [] {
    std::string text;
    for (const Loader& loader : loaders)
      text += (text.empty() ? "" : ", ") + std::string(loader.format);
    return text;
  }();
  return all;
}

}  // namespace cleanplate::infer
