/// @file
/// Kinds of model files, each with what makes a network of it. A new kind is one more row.
#pragma once
#include <torch/script.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cleanplate::infer {

/// A network as the table sees it: tensors in, an IValue out; may throw what libtorch throws.
using Forward = std::function<c10::IValue(std::vector<c10::IValue>&)>;

struct Loader {
  const char* format;
  Forward (*load)(const std::string& path, c10::Device device);
};

/// Our own overlay network (overlay_net.h) with its weights, a safetensors file.
Forward load_overlay_net(const std::string& path, c10::Device device);
/// The same of matte_net.h.
Forward load_matte_net(const std::string& path, c10::Device device);

/// Null: no such format.
const Loader* loader_for(const std::string& format);
/// "torchscript, overlay_net, matte_net".
const std::string& loader_formats();

}  // namespace cleanplate::infer
