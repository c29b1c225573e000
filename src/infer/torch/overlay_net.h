/// @file
/// Our own detector's network, written once for training and for use: what a layer does with its
/// weights is the caller's.
#pragma once
#include "infer/torch/layer.h"

namespace cleanplate::infer {

/// Widths by resolution: 16 at a half, 32 at a quarter, 64 at an eighth, 80 at a sixteenth.
inline constexpr Layer overlay_layers[] = {
    {"stem", 12, 16, 3, 1, 1},        {"down4", 16, 32, 3, 2, 1},
    {"quarter.a", 32, 32, 3, 1, 1},   {"quarter.b", 32, 32, 3, 1, 1},
    {"down8", 32, 64, 3, 2, 1},       {"eighth.a", 64, 64, 3, 1, 1},
    {"eighth.b", 64, 64, 3, 1, 1},    {"down16", 64, 80, 3, 2, 1},
    {"sixteenth.a", 80, 80, 3, 1, 1}, {"sixteenth.b", 80, 80, 3, 1, 2},
    {"sixteenth.c", 80, 80, 3, 1, 4}, {"sixteenth.d", 80, 80, 3, 1, 1},
    {"side16", 80, 64, 1, 1, 1},      {"up8", 64, 64, 3, 1, 1},
    {"side8", 64, 32, 1, 1, 1},       {"up4", 32, 32, 3, 1, 1},
    {"logit", 32, 1, 1, 1, 1},
};
inline constexpr std::size_t overlay_layer_count = std::size(overlay_layers);
/// Both sides of a picture must be multiples of this.
inline constexpr int overlay_multiple = 16;

/// @param rgb   N × 3 × H × W, 0…1.
/// @param conv  (layer's number, tensor) → tensor: the convolution with its bias or its norm.
/// @return N × 1 × H/4 × W/4 logits of "an overlay is here".
template <class Conv>
at::Tensor overlay_logits(const at::Tensor& rgb, Conv&& conv) {
  std::size_t next = 0;
  const auto layer = [&](const at::Tensor& x) { return conv(next++, x); };
  const auto rectified = [&](const at::Tensor& x) { return layer(x).relu_(); };
  const auto block = [&](const at::Tensor& x) { return (layer(rectified(x)) + x).relu_(); };
  const at::Tensor folded = at::pixel_unshuffle((rgb - .5) * 4, 2);
  const at::Tensor half = rectified(folded.contiguous(at::MemoryFormat::ChannelsLast));
  const at::Tensor quarter = block(rectified(half));
  const at::Tensor eighth = block(rectified(quarter));
  const at::Tensor sixteenth = block(block(rectified(eighth)));
  const at::Tensor seen8 = rectified(wider(layer(sixteenth)) + eighth);
  const at::Tensor seen4 = rectified(wider(layer(seen8)) + quarter);
  return layer(seen4);
}

}  // namespace cleanplate::infer
