/// @file
/// The user's own network fills a hole: LaMa and what else has its signature (option
/// `inpaint_model`).
#pragma once
#include <cleanplate/frame.h>
#include <cleanplate/network.h>
#include <cleanplate/result.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "frame/colour_codes.h"
#include "inpaint/fill_crop.h"

namespace cleanplate {

struct NetworkFillOptions {
  std::shared_ptr<Network> network;  ///< used by one thread at a time
  std::string model;                 ///< its path, for messages
  int batch = 8;                     ///< crops in one pass
  Colour colour;                     ///< of the video, for the way to RGB and back
  int rows = 0;                      ///< the picture's, where `colour` tells no matrix
};

/// Image [N, 3, H, W] RGB 0…1 and mask [N, 1, H, W] (1: fill) in, image of the first one's size out
/// (Suvorov et al. 2022, as big-lama.pt is exported). Sides are padded to multiples of 8 by
/// reflection. Crops are taken N at a time in one forward pass; one that hardly differs from the
/// one before it takes over its answer, so that a still scene stays still.
/// Threads: one object, one thread at a time.
class NetworkFill {
 public:
  /// @return `invalid_argument`: no network, or sizes do not fit.
  [[nodiscard]] static Result<NetworkFill> create(const NetworkFillOptions& options,
                                                  PixelFormat format, const HoleMasks& holes);

  /// Takes the next crop. @return `network`: the model refuses, or answers with another shape.
  [[nodiscard]] Result<void> push(Crop crop);
  /// Those that wait for a full batch are filled now.
  [[nodiscard]] Result<void> flush();
  /// The oldest filled crop that was not taken yet. @return none: push more, or flush.
  [[nodiscard]] std::optional<Crop> pull();
  /// Crops that pull may lag behind push: batch − 1.
  [[nodiscard]] int latency() const { return options_.batch - 1; }
  /// Forward passes so far.
  [[nodiscard]] std::int64_t passes() const { return passes_; }

 private:
  NetworkFill(NetworkFillOptions options, PixelFormat format, const HoleMasks& holes);
  struct Waiting {
    Crop crop;
    std::size_t answer;  // which of the pass's pictures
  };
  [[nodiscard]] bool like_last(const Crop& crop) const;
  [[nodiscard]] bool planes_are_gbr() const;
  [[nodiscard]] CodeScale scale_of(int component) const;
  void to_planes(const Crop& crop, float* rgb) const;
  void from_planes(const float* rgb, Crop& crop) const;
  [[nodiscard]] Result<void> look();
  [[nodiscard]] Result<void> look(std::size_t first, std::size_t count);

  NetworkFillOptions options_;
  PixelFormat format_;
  HoleMasks holes_;
  int width_, height_;   // padded
  std::size_t at_once_;  // crops in one pass; fewer after memory ran out
  std::vector<float> images_, mask_, answers_;
  std::deque<Waiting> waiting_;
  std::deque<Crop> ready_;
  std::size_t asked_ = 0;     // pictures for the next pass
  std::optional<Crop> last_;  // that was asked for
  std::vector<float> last_answer_;
  bool last_answered_ = false;  // `last_answer_` is that of `last_`
  std::int64_t passes_ = 0;
};

}  // namespace cleanplate
