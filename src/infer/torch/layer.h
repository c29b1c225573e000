/// @file
/// Our own networks as lists of convolutions: what is trained, and what is read for use.
#pragma once
#include <torch/types.h>

#include <cstddef>

namespace cleanplate::infer {

/// Square kernels, zero padding that keeps the size but for the stride.
struct Layer {
  const char* name;
  int in, out, kernel, stride, dilation;
};

/// Twice as wide and high, each sample four times.
inline at::Tensor wider(const at::Tensor& x) {
  return at::upsample_nearest2d(x, {x.size(2) * 2, x.size(3) * 2});
}

}  // namespace cleanplate::infer
