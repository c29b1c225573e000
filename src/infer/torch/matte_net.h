/// @file
/// The network that tells an overlay's samples from the scene's, written once for training and for
/// use: what a layer does with its weights is the caller's.
#pragma once
#include "infer/torch/layer.h"

namespace cleanplate::infer {

/// Widths by resolution: 32 at a half, 48 at a quarter, 64 at an eighth and a sixteenth.
inline constexpr Layer matte_layers[] = {
    {"stem", 16, 32, 3, 1, 1},        {"half.a", 32, 32, 3, 1, 1},
    {"half.b", 32, 32, 3, 1, 1},      {"down4", 32, 48, 3, 2, 1},
    {"quarter.a", 48, 48, 3, 1, 1},   {"quarter.b", 48, 48, 3, 1, 1},
    {"down8", 48, 64, 3, 2, 1},       {"eighth.a", 64, 64, 3, 1, 1},
    {"eighth.b", 64, 64, 3, 1, 1},    {"down16", 64, 64, 3, 2, 1},
    {"sixteenth.a", 64, 64, 3, 1, 1}, {"sixteenth.b", 64, 64, 3, 1, 2},
    {"sixteenth.c", 64, 64, 3, 1, 1}, {"sixteenth.d", 64, 64, 3, 1, 4},
    {"up8", 64, 64, 3, 1, 1},         {"side8", 64, 48, 1, 1, 1},
    {"up4", 48, 48, 3, 1, 1},         {"side4", 48, 32, 1, 1, 1},
    {"up2.a", 32, 32, 3, 1, 1},       {"up2.b", 32, 32, 3, 1, 1},
    {"answer", 32, 20, 1, 1, 1},
};
inline constexpr std::size_t matte_layer_count = std::size(matte_layers);
/// Both sides of a picture must be multiples of this.
inline constexpr int matte_multiple = 16;

/// @param seen  N × 4 × H × W: Y, Cb and Cr, 0…1 with no colour at .5, and where the overlay may
/// be,
///              0 or 1.
/// @param conv  (layer's number, tensor) → tensor: the convolution with its bias or its norm.
/// @return N × 5 × H × W: logits of "an overlay's sample" and of its opacity if it is one; what the
/// overlay changes in Y, Cb and Cr there, in units of `seen`, which is asked of it in training
/// only.
template <class Conv>
at::Tensor matte_logits(const at::Tensor& seen, Conv&& conv) {
  std::size_t next = 0;
  const auto layer = [&](const at::Tensor& x) { return conv(next++, x); };
  const auto rectified = [&](const at::Tensor& x) { return layer(x).relu_(); };
  const auto block = [&](const at::Tensor& x) { return (layer(rectified(x)) + x).relu_(); };
  // Colours differ by less than brightness, and tell as much.
  const at::Tensor scale = at::tensor({4.f, 12.f, 12.f, 4.f}, seen.options()).view({1, 4, 1, 1});
  const at::Tensor folded = at::pixel_unshuffle((seen - .5) * scale, 2);
  const at::Tensor half = block(rectified(folded.contiguous(at::MemoryFormat::ChannelsLast)));
  const at::Tensor quarter = block(rectified(half));
  const at::Tensor eighth = block(rectified(quarter));
  const at::Tensor sixteenth = block(block(rectified(eighth)));
  const at::Tensor seen8 = rectified(wider(sixteenth) + eighth);
  const at::Tensor seen4 = rectified(wider(layer(seen8)) + quarter);
  const at::Tensor seen2 = block(wider(layer(seen4)) + half);
  return at::pixel_shuffle(layer(seen2), 2);
}

}  // namespace cleanplate::infer
