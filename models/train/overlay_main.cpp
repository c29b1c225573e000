// Trains the overlay network; its arguments are in trainer.h.
#include <cstdio>

#include "canvas.h"
#include "frame/png.h"
#include "infer/torch/overlay_net.h"
#include "samples.h"
#include "trainer.h"

using namespace cleanplate;
using namespace cleanplate::train;

namespace {

constexpr int side = 192;

Batch make_batch(const Material& material, std::uint64_t first, int count) {
  const int cells = side / 4;
  Batch b{torch::empty({count, 3, side, side}), torch::empty({count, 1, cells, cells}),
          torch::empty({count, 1, cells, cells})};
  for (int i = 0; i < count; ++i) {
    const Sample s = make_sample(material, first + static_cast<std::uint64_t>(i), side);
    std::copy(s.rgb.begin(), s.rgb.end(), b.seen.data_ptr<float>() + i * 3 * side * side);
    std::copy(s.target.begin(), s.target.end(), b.target.data_ptr<float>() + i * cells * cells);
    std::copy(s.weight.begin(), s.weight.end(), b.weight.data_ptr<float>() + i * cells * cells);
  }
  return b;
}

/// Focal cross-entropy (Lin et al. 2017) and the Dice measure over the batch.
torch::Tensor loss_of(const torch::Tensor& logits, const Batch& b) {
  const auto p = torch::sigmoid(logits);
  const auto missed = torch::abs(b.target - p);
  const auto entropy =
      torch::binary_cross_entropy_with_logits(logits, b.target, {}, {}, at::Reduction::None);
  const auto focal = (entropy * torch::pow(missed, 1.5) * b.weight).sum() / b.weight.sum();
  const auto both = (p * b.target * b.weight).sum(), any = ((p + b.target) * b.weight).sum();
  return 4 * focal + .5 * (1 - (2 * both + 1) / (any + 1));
}

/// Of cells that are surely one or the other.
Measures precision_and_recall() {
  return {{"precision", "recall"},
          [](const torch::Tensor& logits, const Batch& b) -> std::vector<double> {
            const auto yes = (logits > 0).to(torch::kFloat);
            const auto firm = (b.weight > .9).to(torch::kFloat);
            return {(yes * b.target * firm).sum().item<double>(), (yes * firm).sum().item<double>(),
                    (b.target * firm).sum().item<double>()};
          },
          [](const std::vector<double>& s) -> std::vector<double> {
            return {s[1] > 0 ? s[0] / s[1] : 0, s[2] > 0 ? s[0] / s[2] : 0};
          }};
}

void show(const Material& material, const std::string& folder) {
  for (int i = 0; i < 48; ++i) {
    const Sample s = make_sample(material, static_cast<std::uint64_t>(i), side);
    Picture p({2 * side, side}, 3);
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x)
        for (int k = 0; k < 3; ++k) {
          p.at(x, y)[k] = static_cast<std::uint8_t>(
              s.rgb[static_cast<std::size_t>((k * side + y) * side + x)] * 255);
          const auto cell = static_cast<std::size_t>(y / 4 * (side / 4) + x / 4);
          p.at(x + side, y)[k] =
              static_cast<std::uint8_t>(k < 2 ? s.target[cell] * 255 : s.weight[cell] * 128);
        }
    if (auto done = write_png(folder + "/" + std::to_string(i) + ".png", p); !done)
      std::puts(done.error().message.c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Task task{
      "overlay_net",
      infer::overlay_layers,
      -2.5,  // overlays are rare
      [](const torch::Tensor& seen, const Conv& conv) { return infer::overlay_logits(seen, conv); },
      make_batch,
      loss_of,
      precision_and_recall(),
      show};
  return train::train(task, argc, argv);
}
