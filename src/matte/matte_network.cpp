#include "matte/matte_network.h"

#include <algorithm>
#include <cmath>

#include "core/try.h"
#include "infer/model_files.h"

namespace cleanplate {

namespace {
constexpr int multiple = 16;  // what the network halves four times
constexpr float surely = .7f;
constexpr std::ptrdiff_t most_places = 20000;  // larger marks are looked at in half size

int up_to(int side) { return (side + multiple - 1) / multiple * multiple; }
float probability(float logit) { return 1 / (1 + std::exp(-logit)); }
}  // namespace

Result<MatteNetwork> MatteNetwork::load(const Options& options) {
  return guarded("scan", [&]() -> Result<MatteNetwork> {
    CP_TRY(const std::string path, find_model("matte_net.safetensors", options.models));
    CP_TRY(Network network, Network::load({path, "matte_net"}));
    return MatteNetwork(std::move(network));
  });
}

Result<Likely> MatteNetwork::look(const CropStack& seen, const Field& hint) {
  return guarded("scan", [&]() -> Result<Likely> {
    const Size size{hint.width, hint.height};
    const auto top = static_cast<float>(seen.format().max_value());
    std::array<Field, 4> planes;
    for (int c = 0; c < 3; ++c) {
      Field& plane = planes[static_cast<std::size_t>(c)];
      plane = c < seen.format().components() ? enlarged(seen.mean(c), size)
                                             : Field(size.width, size.height, .5f * top);
      for (float& v : plane.values) v /= top;
    }
    planes[3] = hint;
    const auto places =
        std::count_if(hint.values.begin(), hint.values.end(), [](float v) { return v > 0; });
    int halvings = 0;
    for (std::ptrdiff_t left = places; left > most_places; left /= 4, ++halvings)
      for (Field& plane : planes) plane = halved(plane);
    CP_TRY(Likely out, pass(planes));
    if (halvings > 0) out.overlay = enlarged(out.overlay, size);
    for (std::size_t i = 0; i < hint.size(); ++i)
      if (hint.values[i] <= 0) out.overlay.values[i] = 0;
    return out;
  });
}

Result<Likely> MatteNetwork::pass(const std::array<Field, 4>& planes) {
  const Size size{planes[0].width, planes[0].height};
  const int w = up_to(size.width), h = up_to(size.height);
  const auto plane = static_cast<std::size_t>(w) * static_cast<std::size_t>(h);
  input_.resize(4 * plane);
  for (std::size_t c = 0; c < 4; ++c)
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        const bool beyond = x >= size.width || y >= size.height;
        float& to = input_[c * plane + static_cast<std::size_t>(y * w + x)];
        to = c < 3 ? planes[c].clamped(x, y) : !beyond && planes[3].at(x, y) > 0 ? 1.f : 0.f;
      }
  CP_TRY(const auto outputs,
         network_.run({TensorView::dense(input_.data(), Scalar::f32, {1, 4, h, w})}));
  if (outputs.size() != 1 || outputs[0].view.count() != static_cast<std::int64_t>(5 * plane))
    return Error{Code::internal, "scan", "The matte network's answer has another size."};
  const auto* logits = static_cast<const float*>(outputs[0].view.data);
  Likely out{Field(size.width, size.height), 0};
  std::vector<float> opacities;
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      const float* at = logits + static_cast<std::ptrdiff_t>(y) * w + x;
      const float p = probability(*at);
      out.overlay.at(x, y) = p;
      if (p > surely && planes[3].at(x, y) > 0) opacities.push_back(probability(at[plane]));
    }
  out.opacity = static_cast<double>(quantile(std::move(opacities), .5));
  return out;
}

}  // namespace cleanplate
