/// @file
/// A made-up NVDEC: it "decodes" by handing out pictures that the test laid down before.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

struct FakeNvdec {
  /// In display order, as NV12, P016 or planes of 4:4:4, rows without gaps, of the size that is
  /// shown.
  std::vector<std::vector<std::uint8_t>> pictures;
  std::size_t width = 480;    ///< samples of a picture's row
  int fail_at = -1;           ///< the picture, in coding order, that is not decoded
  bool opens = true;          ///< whether a decoder can be had
  bool full_chroma = true;    ///< whether it decodes 4:4:4
  int decoded = 0, open = 0;  ///< pictures so far; decoders that were not given back
  /// Whether its card still works, where a test has one that may not.
  bool (*alive)() = nullptr;
  /// Told of each surface's memory, where a test has a card that keeps account of it.
  void (*lend)(const void* first, std::size_t bytes) = nullptr;
  void (*take_away)(const void* first) = nullptr;
};

/// The one in the library libnvcuvid.so.1 that FFmpeg loads.
extern "C" FakeNvdec* fake_nvdec();
