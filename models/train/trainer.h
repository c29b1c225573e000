/// @file
/// What the training of our networks has in common: norms while it is trained, batches made ahead,
/// a running mean of the weights, the rate's fall, checkpoints and curves.
#pragma once
#include <torch/torch.h>

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "infer/torch/layer.h"
#include "material.h"

namespace cleanplate::train {

struct Batch {
  torch::Tensor seen, target, weight;
};

/// A convolution with its bias or its norm: (layer's number, tensor) → tensor.
using Conv = std::function<torch::Tensor(std::size_t, const torch::Tensor&)>;

/// What is measured on held-out batches, besides the loss: names, and sums over a batch that
/// become the numbers.
struct Measures {
  std::vector<std::string> names;
  /// @return sums of one batch, added up over all.
  std::function<std::vector<double>(const torch::Tensor& logits, const Batch&)> sums;
  std::function<std::vector<double>(const std::vector<double>& sums)> values;
};

/// One network to be trained.
struct Task {
  std::string name;                      ///< of the weights' file, without .safetensors
  std::span<const infer::Layer> layers;  ///< the last one has a bias and no norm
  double first_bias = 0;                 ///< of the last layer
  std::function<torch::Tensor(const torch::Tensor& seen, const Conv&)> logits;
  std::function<Batch(const Material&, std::uint64_t first, int count)> batch;
  std::function<torch::Tensor(const torch::Tensor& logits, const Batch&)> loss;
  Measures measures;
  /// Writes samples as pictures into a folder, for eyes.
  std::function<void(const Material&, const std::string& folder)> show;
};

/// The program: PROGRAM DATA OUT [--steps N] [--seed N] [--batch N] [--threads N] [--resume FILE]
/// [--from WEIGHTS [--halfway]] [--rate R] [--minutes M] [--show FOLDER]
/// DATA is prepare.sh's folder. OUT gets NAME.safetensors (what is used: norms folded in),
/// checkpoint.pt (to go on from) and curves.csv. --from begins with weights of that first kind, and
/// with --halfway the mean of these and what came of them is written. The rate falls by a cosine
/// from R at the first step, a resumed one too, to nothing at the last; with --minutes at that time
/// at the latest. Without it, the same seed and thread count give the same weights.
int train(const Task& task, int argc, char** argv);

}  // namespace cleanplate::train
