/// @file
/// Pictures in a CUDA card's memory, of and for another program's own CUDA code.
#pragma once
#include <cleanplate/device.h>
#include <cleanplate/frame.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace cleanplate {

/// A plane in a card's memory, which host code does not read.
struct DevicePlane {
  std::uintptr_t address = 0;  ///< CUdeviceptr
  std::ptrdiff_t stride = 0;   ///< bytes from row to row, from the top down; a row's or more
};

/// Where a picture lies on a card, and its place in the card's work.
struct DevicePicture {
  PixelFormat format;
  Size size;
  std::array<DevicePlane, 3> planes{};  ///< format.planes() of them
  int card = 0;                         ///< CUDA's number, from 0; that of the Device
  void* stream = nullptr;               ///< cudaStream_t; null: CUDA's default stream
  void* event = nullptr;                ///< cudaEvent_t, or null
};

/// The picture, brought into the host's memory. Every sample goes over the bus once and is copied
/// once, out of pinned memory; DevicePictures keeps it on the card.
/// Queued in the picture's stream, after its work so far and after its event, which the caller has
/// recorded; so give the stream that the samples were written in, or an event that follows. The
/// calling thread waits for the copy, not for what comes after it in the stream. Times and colour
/// of the frame are left to the caller.
/// Threads: any; the device may be shared. The thread's current card stays what it was.
/// @param owner  let go when the card has done with the planes, here before the call returns,
///         whether it fails or not.
/// @return `device`: not a CUDA device (a build without CUDA has none), or the card failed;
///         `invalid_argument`: sizes, formats, strides, another card; `out_of_memory`.
[[nodiscard]] Result<Frame> from_device(const Device& device, const DevicePicture& picture,
                                        std::shared_ptr<const void> owner);

/// Memory of ours on a card for pictures that stay there. It comes back with a frame's last handle
/// and is given again, so that nothing is allocated once it has warmed up. A Restorer on the same
/// Device takes these frames and gives its own there; only masked boxes go over the bus.
/// A handle: copies share the memory. Threads: any.
class DevicePictures {
 public:
  /// @param format  Layout::nv12 (P010 and the like above 8 bits), yuv444 of 8 bits, yuv444_msb
  /// above.
  /// @return `device`: not a CUDA device; `invalid_argument`: another layout, a size that cannot
  /// be.
  [[nodiscard]] static Result<DevicePictures> create(const Device& device, PixelFormat format,
                                                     Size size);
  /// The picture as a frame on its card (Frame::on_device): copied once, within the card. Order,
  /// waiting and `owner` are from_device's.
  /// @param picture  of the format and size given at create.
  /// @return as from_device; `out_of_memory`: of the card.
  [[nodiscard]] Result<Frame> take_in(const DevicePicture& picture,
                                      std::shared_ptr<const void> owner) const;

 private:
  struct State;
  explicit DevicePictures(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// A frame's samples, into the caller's planes: queued in the picture's stream, after its work so
/// far; then the event, if there is one, is recorded there. Returns when the frame has been read,
/// which may then go; the planes are the picture's once the stream, or the event, gets there.
/// Threads: as above.
/// @param frame  in the host's memory, or on the card of the same Device: then it is copied within
/// the card, and the call waits for that.
/// @param picture  of the frame's format and size.
/// @return as above; after a failure nothing more is written, and what the planes hold is
/// undefined.
[[nodiscard]] Result<void> to_device(const Device& device, const Frame& frame,
                                     const DevicePicture& picture);

}  // namespace cleanplate
