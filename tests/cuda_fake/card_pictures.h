/// @file
/// Another program's pictures on the made-up card: made late in a stream of its own, given back
/// when they are let go.
#pragma once
#include <cleanplate/device_frame.h>
#include <cuda_runtime_api.h>
#include <catch2/catch.hpp>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "core/random.h"
#include "cuda_fake/fake_cudart.h"
#include "frame/card_format.h"

namespace card_pictures {

using namespace cleanplate;

inline void sure(cudaError_t code) { REQUIRE(code == cudaSuccess); }

struct TheirStream {
  cudaStream_t native = nullptr;
  TheirStream() { sure(cudaStreamCreateWithFlags(&native, cudaStreamNonBlocking)); }
  TheirStream(const TheirStream&) = delete;
  TheirStream& operator=(const TheirStream&) = delete;
  ~TheirStream() {
    cudaStreamSynchronize(native);
    cudaStreamDestroy(native);
  }
};
struct TheirEvent {
  cudaEvent_t native = nullptr;
  TheirEvent() { sure(cudaEventCreateWithFlags(&native, cudaEventDisableTiming)); }
  TheirEvent(const TheirEvent&) = delete;
  TheirEvent& operator=(const TheirEvent&) = delete;
  ~TheirEvent() { cudaEventDestroy(native); }
};

/// Rows of one plane, as this program has them: not laid by Frame, so that a slip there shows.
struct Rows {
  int bytes = 0, rows = 0, stride = 0;
};
inline std::vector<Rows> rows_of(PixelFormat format, Size size) {
  const int word = format.bits > 8 ? 2 : 1;
  const int half_w = (size.width + 1) / 2, half_h = (size.height + 1) / 2;
  std::vector<Rows> all{{size.width * word, size.height, 0}};
  if (format.layout == Layout::yuv420) all.resize(3, {half_w * word, half_h, 0});
  if (format.layout == Layout::yuv422) all.resize(3, {half_w * word, size.height, 0});
  if (planar_format(format).layout == Layout::yuv444)
    all.resize(3, {size.width * word, size.height, 0});
  if (format.layout == Layout::nv12) all.push_back({2 * half_w * word, half_h, 0});
  for (std::size_t p = 0; p < all.size(); ++p)  // odd ones, another for each plane
    all[p].stride = all[p].bytes + 3 + static_cast<int>(p) * 10;
  return all;
}

/// What is in `plane`'s bytes of a picture.
inline std::vector<std::uint8_t> bytes_of(const Rows& plane, std::uint64_t seed) {
  Random random{seed};
  std::vector<std::uint8_t> all(static_cast<std::size_t>(plane.bytes * plane.rows));
  for (auto& b : all) b = static_cast<std::uint8_t>(random.below(256));
  return all;
}

/// A picture in the card's memory.
class Picture {
 public:
  Picture(PixelFormat format, Size size, std::uint64_t seed) : seed_(seed) {
    picture.format = format;
    picture.size = size;
    planes_ = rows_of(format, size);
    for (std::size_t p = 0; p < planes_.size(); ++p) {
      void* memory = nullptr;
      sure(cudaMalloc(&memory, bytes(planes_[p])));
      picture.planes[p] = {reinterpret_cast<std::uintptr_t>(memory), planes_[p].stride};
    }
  }
  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;
  ~Picture() {
    for (void* memory : pinned_) cudaFreeHost(memory);
    for (std::size_t p = 0; p < planes_.size(); ++p) cudaFree(memory(p));
  }

  /// Queues the writing of the samples.
  void write(cudaStream_t stream) {
    for (std::size_t p = 0; p < planes_.size(); ++p) {
      void* from = nullptr;
      const auto samples = bytes_of(planes_[p], seed_ + p);
      sure(cudaHostAlloc(&from, samples.size(), cudaHostAllocDefault));
      pinned_.push_back(from);
      std::memcpy(from, samples.data(), samples.size());
      const auto row = static_cast<std::size_t>(planes_[p].bytes);
      sure(cudaMemcpy2DAsync(memory(p), static_cast<std::size_t>(planes_[p].stride), from, row, row,
                             static_cast<std::size_t>(planes_[p].rows), cudaMemcpyHostToDevice,
                             stream));
    }
  }
  /// Whether the planes hold the samples, and nothing between the rows was touched.
  [[nodiscard]] bool holds() const {
    for (std::size_t p = 0; p < planes_.size(); ++p) {
      const auto samples = bytes_of(planes_[p], seed_ + p);
      const auto* at = static_cast<const std::uint8_t*>(memory(p));
      for (int y = 0; y < planes_[p].rows; ++y, at += planes_[p].stride) {
        const auto row = static_cast<std::size_t>(planes_[p].bytes);
        if (std::memcmp(at, samples.data() + row * static_cast<std::size_t>(y), row) != 0)
          return false;
        for (int x = planes_[p].bytes; x < planes_[p].stride; ++x)
          if (at[x] != 0xcb) return false;  // as the made-up card gives its memory
      }
    }
    return true;
  }
  /// Whether a host frame has the samples.
  [[nodiscard]] bool is(const Frame& frame) const {
    if (frame.format() != picture.format || frame.size() != picture.size) return false;
    for (std::size_t p = 0; p < planes_.size(); ++p) {
      const auto samples = bytes_of(planes_[p], seed_ + p);
      const ComponentView view = frame.component(static_cast<int>(p));
      const auto row = static_cast<std::size_t>(planes_[p].bytes);
      for (int y = 0; y < planes_[p].rows; ++y)
        if (std::memcmp(view.data + y * view.stride,
                        samples.data() + row * static_cast<std::size_t>(y), row) != 0)
          return false;
    }
    return true;
  }
  /// A host frame with the samples.
  [[nodiscard]] Frame frame() const {
    auto made = Frame::allocate(picture.format, picture.size);
    REQUIRE(made);
    for (std::size_t p = 0; p < planes_.size(); ++p) {
      const auto samples = bytes_of(planes_[p], seed_ + p);
      const auto view = made->writable(static_cast<int>(p));
      const auto row = static_cast<std::size_t>(planes_[p].bytes);
      for (int y = 0; y < planes_[p].rows; ++y)
        std::memcpy(view.data + y * view.stride, samples.data() + row * static_cast<std::size_t>(y),
                    row);
    }
    return *made;
  }

  DevicePicture picture;

 private:
  static std::size_t bytes(const Rows& plane) {
    return static_cast<std::size_t>(plane.stride * plane.rows);
  }
  [[nodiscard]] void* memory(std::size_t plane) const {
    return reinterpret_cast<void*>(picture.planes[plane].address);
  }

  std::uint64_t seed_;
  std::vector<Rows> planes_;
  std::vector<void*> pinned_;
};

}  // namespace card_pictures
