/// @file
/// Pictures in a CUDA card's memory, of and for another program's own CUDA code.
#pragma once
#include <cleanplate/device.h>
#include <cleanplate/frame.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

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

/// The picture, brought into the host's memory: that is where frames are worked on for now, under
/// a CUDA Device too. Every sample goes over the bus once and is copied once, out of pinned memory.
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

/// A frame's samples, into the caller's planes: queued in the picture's stream, after its work so
/// far; then the event, if there is one, is recorded there. Returns when the frame has been read,
/// which may then go; the planes are the picture's once the stream, or the event, gets there.
/// Threads: as above.
/// @param picture  of the frame's format and size.
/// @return as above; after a failure nothing more is written, and what the planes hold is
/// undefined.
[[nodiscard]] Result<void> to_device(const Device& device, const Frame& frame,
                                     const DevicePicture& picture);

}  // namespace cleanplate
