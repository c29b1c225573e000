#include "detect/overlay_network.h"

#include <algorithm>
#include <cmath>

#include "core/try.h"
#include "infer/model_files.h"

namespace cleanplate {

namespace {
constexpr int multiple = 16;  // what the network halves four times

int up_to(int side, int step) { return (side + step - 1) / step * step; }
}  // namespace

Result<OverlayNetwork> OverlayNetwork::load(const Options& options) {
  return guarded("detect", [&]() -> Result<OverlayNetwork> {
    CP_TRY(const std::string path, find_model("overlay_net.safetensors", options.models));
    CP_TRY(Network network, Network::load({path, "overlay_net"}));
    return OverlayNetwork(std::move(network));
  });
}

Result<std::vector<Field>> OverlayNetwork::look(const std::vector<Picture>& rgb) {
  return guarded("detect", [&]() -> Result<std::vector<Field>> {
    const bool alike = !rgb.empty() && rgb[0].size.width > 0 && rgb[0].size.height > 0 &&
                       std::all_of(rgb.begin(), rgb.end(), [&](const Picture& p) {
                         return p.size == rgb[0].size && p.channels == 3;
                       });
    if (!alike)
      return Error{Code::invalid_argument, "detect",
                   "The overlay network looks at RGB pictures of one size together; give one or "
                   "more, all of that size."};
    const Size size = rgb[0].size;
    const int w = up_to(size.width, multiple), h = up_to(size.height, multiple);
    const auto plane = static_cast<std::size_t>(w) * static_cast<std::size_t>(h);
    planes_.resize(rgb.size() * 3 * plane);
    for (std::size_t n = 0; n < rgb.size(); ++n)
      for (int y = 0; y < h; ++y) {
        float* to =
            &planes_[n * 3 * plane + static_cast<std::size_t>(y) * static_cast<std::size_t>(w)];
        for (int x = 0; x < w; ++x) {
          const auto* from = rgb[n].at(std::min(x, size.width - 1), std::min(y, size.height - 1));
          for (std::size_t k = 0; k < 3; ++k)
            to[k * plane + static_cast<std::size_t>(x)] = static_cast<float>(from[k]) / 255;
        }
      }
    CP_TRY(const auto outputs,
           network_.run({TensorView::dense(planes_.data(), Scalar::f32,
                                           {static_cast<std::int64_t>(rgb.size()), 3, h, w})}));
    const int cw = up_to(size.width, cell) / cell, ch = up_to(size.height, cell) / cell;
    if (outputs.size() != 1 || outputs[0].view.rank != 4 || outputs[0].view.shape[2] != h / cell ||
        outputs[0].view.shape[3] != w / cell)
      return Error{Code::internal, "detect", "The overlay network's answer has another size."};
    const auto* logits = static_cast<const float*>(outputs[0].view.data);
    std::vector<Field> out(rgb.size(), Field(cw, ch));
    for (Field& map : out) {
      for (int y = 0; y < ch; ++y)
        for (int x = 0; x < cw; ++x) map.at(x, y) = 1 / (1 + std::exp(-logits[y * (w / cell) + x]));
      logits += plane / (cell * cell);
    }
    return out;
  });
}

}  // namespace cleanplate
