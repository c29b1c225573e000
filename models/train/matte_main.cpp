// Trains the matte network; its arguments are in trainer.h.
#include <cstdio>

#include "frame/png.h"
#include "infer/torch/matte_net.h"
#include "matte_samples.h"
#include "trainer.h"

using namespace cleanplate;
using namespace cleanplate::train;

namespace {

constexpr int side = 160;
constexpr std::int64_t plane = std::int64_t{side} * side;

Batch make_batch(const Material& material, std::uint64_t first, int count) {
  Batch b{torch::empty({count, 4, side, side}), torch::empty({count, 5, side, side}),
          torch::empty({count, 2, side, side})};
  for (int i = 0; i < count; ++i) {
    const MatteSample s = make_matte_sample(material, first + static_cast<std::uint64_t>(i), side);
    std::copy(s.seen.begin(), s.seen.end(), b.seen.data_ptr<float>() + i * 4 * plane);
    std::copy(s.target.begin(), s.target.end(), b.target.data_ptr<float>() + i * 5 * plane);
    std::copy(s.weight.begin(), s.weight.end(), b.weight.data_ptr<float>() + i * 2 * plane);
  }
  return b;
}

torch::Tensor part(const torch::Tensor& t, std::int64_t channel) { return t.narrow(1, channel, 1); }

/// How far off what the overlay changes is, mean of the three components.
torch::Tensor contrast_off(const torch::Tensor& logits, const Batch& b) {
  return torch::abs(logits.narrow(1, 2, 3) - b.target.narrow(1, 2, 3)).mean(1, true);
}

/// Cross-entropy and the Dice measure of what is the overlay's, and how far off its opacity and
/// what it changes are.
torch::Tensor loss_of(const torch::Tensor& logits, const Batch& b) {
  const auto logit = part(logits, 0), target = part(b.target, 0), weight = part(b.weight, 0);
  const auto p = torch::sigmoid(logit);
  const auto entropy =
      torch::binary_cross_entropy_with_logits(logit, target, {}, {}, at::Reduction::None);
  const auto mean = (entropy * weight).sum() / (weight.sum() + 1);
  const auto both = (p * target * weight).sum({1, 2, 3}),
             any = ((p + target) * weight).sum({1, 2, 3});
  const auto dice = (1 - (2 * both + 20) / (any + 20)).mean();
  const auto inside = part(b.weight, 1);
  const auto off = torch::abs(torch::sigmoid(part(logits, 1)) - part(b.target, 1));
  const auto contrast = (contrast_off(logits, b) * weight).sum() / (weight.sum() + 1);
  return mean + .5 * dice + .5 * (off * inside).sum() / (inside.sum() + 1) + 8 * contrast;
}

/// Of samples within the box.
Measures agreement() {
  return {{"iou", "opacity_error", "contrast_error", "contrast"},
          [](const torch::Tensor& logits, const Batch& b) -> std::vector<double> {
            const auto in = part(b.weight, 0), yes = (part(logits, 0) > 0).to(torch::kFloat) * in,
                       there = (part(b.target, 0) > .5).to(torch::kFloat) * in;
            const auto inside = part(b.weight, 1);
            const auto off = torch::abs(torch::sigmoid(part(logits, 1)) - part(b.target, 1));
            return {(yes * there).sum().item<double>(),
                    torch::max(yes, there).sum().item<double>(),
                    (off * inside).sum().item<double>(),
                    inside.sum().item<double>(),
                    (contrast_off(logits, b) * inside).sum().item<double>(),
                    (b.target.narrow(1, 2, 3).abs().mean(1, true) * inside).sum().item<double>()};
          },
          [](const std::vector<double>& s) -> std::vector<double> {
            return {s[1] > 0 ? s[0] / s[1] : 0, s[3] > 0 ? s[2] / s[3] : 0,
                    s[3] > 0 ? s[4] / s[3] : 0, s[3] > 0 ? s[5] / s[3] : 0};
          }};
}

void show(const Material& material, const std::string& folder) {
  for (int i = 0; i < 48; ++i) {
    const MatteSample s = make_matte_sample(material, static_cast<std::uint64_t>(i), side);
    Picture p({3 * side, side}, 3);
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x) {
        const auto at = static_cast<std::size_t>(y * side + x), n = static_cast<std::size_t>(plane);
        for (int k = 0; k < 3; ++k) {
          const auto c = static_cast<std::size_t>(k);
          p.at(x, y)[k] = static_cast<std::uint8_t>(255 * std::clamp(s.seen[at], 0.f, 1.f));
          p.at(x + side, y)[k] =
              static_cast<std::uint8_t>(255 * std::clamp(s.seen[c * n + at], 0.f, 1.f));
          p.at(x + 2 * side, y)[k] =
              static_cast<std::uint8_t>(255 * (k == 0   ? s.target[at]
                                               : k == 1 ? s.target[n + at]
                                                        : s.seen[3 * n + at]));
        }
      }
    if (auto done = write_png(folder + "/" + std::to_string(i) + ".png", p); !done)
      std::puts(done.error().message.c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Task task{
      "matte_net",
      infer::matte_layers,
      -.5,
      [](const torch::Tensor& seen, const Conv& conv) { return infer::matte_logits(seen, conv); },
      make_batch,
      loss_of,
      agreement(),
      show};
  return train::train(task, argc, argv);
}
