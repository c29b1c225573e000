/// @file
/// The user's own network fills a hole: LaMa and what else has its signature (option
/// `inpaint_model`).
#pragma once
#include <cleanplate/frame.h>
#include <cleanplate/network.h>
#include <cleanplate/report.h>
#include <cleanplate/result.h>

#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "device/device_core.h"
#include "frame/colour_codes.h"
#include "infer/device_tensor.h"
#include "inpaint/crop_rgb.h"
#include "inpaint/fill_crop.h"

namespace cleanplate {

/// What a network came to, in all places that it fills.
struct NetworkUse {
  int batch = 1;  ///< most crops in one pass so far
  std::vector<Degradation> steps;
  int least = std::numeric_limits<int>::max();  ///< to which a batch was halved

  /// Each smaller batch is told of once, by whichever place comes to it first.
  void halved(int from, int to, const Error& why, std::int64_t frame);
};

struct NetworkFillOptions {
  std::shared_ptr<Network> network;  ///< used by one thread at a time; on `device`
  Device device;
  std::string model;  ///< its path, for messages
  int batch = 8;      ///< crops in one pass
  Colour colour;      ///< of the video, for the way to RGB and back
  int rows = 0;       ///< the picture's, where `colour` tells no matrix
  std::shared_ptr<NetworkUse> use = std::make_shared<NetworkUse>();
};

struct FilledCrop {
  Crop crop;
  std::int64_t number;  ///< its frame's
};

/// Image [N, 3, H, W] RGB 0…1 and mask [N, 1, H, W] (1: fill) in, image of the first one's size out
/// (Suvorov et al. 2022, as big-lama.pt is exported). Sides are padded to multiples of 8 by
/// reflection. Crops are taken N at a time in one forward pass; one that hardly differs from the
/// one before it takes over its answer, so that a still scene stays still.
/// Picture, mask and answer lie on the device, where kernels make the picture out of a crop's
/// samples and samples out of the answer; only these come to the host.
/// Threads: one object, one thread and one stream at a time.
class NetworkFill {
 public:
  /// Where the device has no room for a batch, it is halved, and `use` says so.
  /// @return `invalid_argument`: no network, or sizes do not fit; `out_of_memory`; `device`.
  [[nodiscard]] static Result<NetworkFill> create(const NetworkFillOptions& options,
                                                  PixelFormat format, const HoleMasks& holes);

  /// Takes the next crop. @param there  the same samples; read in the stream, later.
  /// @return `network`: the model refuses, or answers with another shape; `device`, and
  ///         `out_of_memory` for a single crop.
  /// @param number  the frame's, from the clip's beginning.
  [[nodiscard]] Result<void> push(Stream& stream, Crop crop, const CropThere& there,
                                  std::int64_t number);
  /// Those that wait for a full batch are filled now.
  [[nodiscard]] Result<void> flush(Stream& stream);
  /// The oldest filled crop that was not taken yet. @return none: push more, or flush.
  [[nodiscard]] std::optional<FilledCrop> pull();
  /// Crops that pull may lag behind push: batch − 1.
  [[nodiscard]] int latency() const { return options_.batch - 1; }
  /// Forward passes so far.
  [[nodiscard]] std::int64_t passes() const { return passes_; }

 private:
  NetworkFill(NetworkFillOptions options, PixelFormat format, const HoleMasks& holes);
  struct Waiting {
    FilledCrop filled;
    int answer;  // which of the pass's pictures
  };
  struct Component {
    std::vector<std::uint8_t> asked;      // the hole's samples that the picture has
    Buffer hole, filled;                  // `asked`; of each answer
    std::vector<std::uint16_t> answered;  // `filled`, on the host
    std::vector<std::uint16_t> last;      // of `last_`
  };
  [[nodiscard]] bool like_last(const Crop& crop) const;
  [[nodiscard]] Result<void> make_room();
  [[nodiscard]] Result<void> send_masks();
  [[nodiscard]] Result<void> look(Stream& stream);
  [[nodiscard]] Result<void> look(Stream& stream, int first, int count);
  [[nodiscard]] Result<void> queue_pass(Stream& stream, int first, int count,
                                        std::vector<std::uint8_t>& finite);
  [[nodiscard]] std::size_t area(int component) const;
  [[nodiscard]] DeviceView<std::uint16_t> filled(int component, int first, int count) const;
  void write(const std::uint16_t* answer, int component, Crop& crop) const;

  NetworkFillOptions options_;
  PixelFormat format_;
  HoleMasks holes_;
  int width_, height_;  // padded
  int room_;            // pictures that the device has room for
  int at_once_;         // in one pass; fewer after memory ran out
  SampleColours colours_;
  DeviceTensor images_, masks_, answers_;
  Buffer finite_;  // of the answers' rows
  std::array<Component, 3> components_;
  std::deque<Waiting> waiting_;
  std::deque<FilledCrop> ready_;
  std::optional<Error> no_room_;  // for a batch; told of with the first crop
  int asked_ = 0;                 // pictures for the next pass
  std::optional<Crop> last_;      // that was asked for
  bool last_answered_ = false;    // and answered, see Component
  std::int64_t passes_ = 0;
};

}  // namespace cleanplate
