/// @file
/// A picture as it was coded: planes of 8- to 16-bit samples with their times and colour.
#pragma once
#include <cleanplate/geometry.h>
#include <cleanplate/result.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace cleanplate {

/// How the samples lie.
enum class Layout : std::int32_t {
  grey = 0,        ///< Y
  yuv420 = 1,      ///< Y, Cb, Cr planes; chroma halved both ways
  yuv422 = 2,      ///< Y, Cb, Cr planes; chroma halved in width
  yuv444 = 3,      ///< Y, Cb, Cr planes
  nv12 = 4,        ///< Y plane, then Cb and Cr in turn; chroma halved both ways
  yuv444_msb = 5,  ///< as yuv444; above 8 bits in the words' high bits, as cards have it
};

/// Bits: 8 → one byte a sample; 9…16 → two bytes, native order, in the low bits,
/// except nv12 and yuv444_msb above 8 bits (P010, P012, P016), where they are in the high bits.
struct PixelFormat {
  Layout layout = Layout::yuv420;
  int bits = 8;

  [[nodiscard]] int components() const { return layout == Layout::grey ? 1 : 3; }
  [[nodiscard]] int planes() const {
    return layout == Layout::grey ? 1 : layout == Layout::nv12 ? 2 : 3;
  }
  /// log2 of the chroma's reduction.
  [[nodiscard]] int chroma_shift_x() const {
    return layout == Layout::yuv420 || layout == Layout::yuv422 || layout == Layout::nv12;
  }
  [[nodiscard]] int chroma_shift_y() const {
    return layout == Layout::yuv420 || layout == Layout::nv12;
  }
  [[nodiscard]] int bytes_per_sample() const { return bits > 8 ? 2 : 1; }
  /// How far a sample is shifted up in its word.
  [[nodiscard]] int sample_shift() const {
    return (layout == Layout::nv12 || layout == Layout::yuv444_msb) && bits > 8 ? 16 - bits : 0;
  }
  [[nodiscard]] int max_value() const { return (1 << bits) - 1; }
  bool operator==(const PixelFormat&) const = default;
};

/// Code points of ISO/IEC 23091-2 (CICP); 2 = unspecified. Range: 1 limited, 2 full, 0 unknown.
/// Chroma location: 0 unspecified, 1 left, 2 centre, 3 top left, 4 top, 5 bottom left, 6 bottom.
struct Colour {
  int range = 0, primaries = 2, transfer = 2, matrix = 2, chroma_location = 0;
  bool operator==(const Colour&) const = default;
};

/// Read-only samples of one component (Y, Cb or Cr).
struct ComponentView {
  const std::byte* data = nullptr;  ///< first sample
  std::ptrdiff_t stride = 0;        ///< bytes from row to row
  int step = 1;                     ///< samples from column to column (2 in interleaved chroma)
  int width = 0, height = 0;        ///< samples
};
/// The same, writable.
struct MutableComponentView {
  std::byte* data = nullptr;
  std::ptrdiff_t stride = 0;
  int step = 1;
  int width = 0, height = 0;
};

/// A plane of caller's memory for Frame::wrap.
struct PlaneMemory {
  const void* data = nullptr;
  std::ptrdiff_t stride = 0;  ///< bytes from row to row
};

/// A cheap handle to one picture; copies share the samples, which are read-only unless the frame
/// came from `allocate` or `writable_copy` and has no other owner.
/// Threads: different handles to one picture may be read from different threads.
class Frame {
 public:
  Frame() = default;
  /// New memory, samples undefined, rows aligned to 64 bytes.
  /// @return `invalid_argument`: sizes outside 1…32768, bits outside 8…16; `out_of_memory`.
  [[nodiscard]] static Result<Frame> allocate(PixelFormat format, Size size);
  /// The caller's own memory, read-only to us; `owner` is let go with the last handle.
  /// @param planes  format.planes() of them.
  [[nodiscard]] static Result<Frame> wrap(PixelFormat format, Size size,
                                          const std::array<PlaneMemory, 3>& planes,
                                          std::shared_ptr<const void> owner);

  explicit operator bool() const { return samples_ != nullptr; }
  [[nodiscard]] PixelFormat format() const;
  [[nodiscard]] Size size() const;
  /// @param component  0 Y, 1 Cb, 2 Cr. Of a frame on a device without data.
  [[nodiscard]] ComponentView component(int component) const;
  /// Null data unless this handle may write: its own memory, no other owner.
  [[nodiscard]] MutableComponentView writable(int component);
  /// The same picture, times and side data in our own memory; one copy of every sample. Of a frame
  /// on a device it is there too, and not the host's to write.
  [[nodiscard]] Result<Frame> writable_copy() const;

  /// Whether the samples lie in a card's memory, as NV12, P010 or in three planes of 4:4:4
  /// (VideoDecoder::open, DevicePictures); host code cannot look at them.
  [[nodiscard]] bool on_device() const;
  /// The same picture in the host's memory, in planes and low bits if it comes from a card; where
  /// it lies there already, this handle's own samples.
  /// @return `out_of_memory`; `device`: the card has failed.
  [[nodiscard]] Result<Frame> to_host() const;

  std::int64_t pts = 0;       ///< ticks of the stream's time base
  std::int64_t duration = 0;  ///< ticks; 0 = unknown
  Colour colour;
  bool interlaced = false;
  bool top_field_first = false;
  bool key = false;  ///< decoded from a key frame
  /// What media carries along with the picture (captions, timecodes, HDR10+); opaque elsewhere.
  std::shared_ptr<const void> side_data;

 private:
  friend class DeviceFrames;
  friend class FrameCopies;
  struct Samples;
  std::shared_ptr<Samples> samples_;
};

}  // namespace cleanplate
