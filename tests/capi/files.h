/// @file
/// What the tests of the C API share: errors that are looked at, handles that are let go.
#pragma once
#include <cleanplate.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace capi_test {

/// A fresh error for one call.
struct Err : cleanplate_error {
  Err() : cleanplate_error{} { struct_size = sizeof(cleanplate_error); }
};

/// A struct of the API, sized and zeroed.
template <class S>
S sized() {
  S s{};
  s.struct_size = sizeof(S);
  return s;
}

/// The call, which names the error that it is given `error`, succeeds.
#define C_OK(call)                            \
  do {                                        \
    capi_test::Err error_of_call;             \
    cleanplate_error* error = &error_of_call; \
    const std::int32_t code_of_call = (call); \
    INFO(#call << ": " << error->message);    \
    REQUIRE(code_of_call == CLEANPLATE_OK);   \
  } while (0)

inline cleanplate_frame_info frame_info(int n, int width = 96, int height = 64) {
  auto info = sized<cleanplate_frame_info>();
  info.layout = CLEANPLATE_LAYOUT_YUV420, info.bits = 8;
  info.width = width, info.height = height;
  info.pts = 40 * n, info.duration = 40;
  return info;
}

inline cleanplate_video_info video_info(int width = 96, int height = 64) {
  auto info = sized<cleanplate_video_info>();
  info.layout = CLEANPLATE_LAYOUT_YUV420, info.bits = 8;
  info.width = width, info.height = height;
  info.time_base_num = 1, info.time_base_den = 1000;
  info.frame_rate_num = 25, info.frame_rate_den = 1;
  return info;
}

/// A moving texture with a see-through mark at 12,10 of 32x20.
inline cleanplate_frame* picture(int n) {
  cleanplate_frame* frame = nullptr;
  const auto info = frame_info(n);
  C_OK(cleanplate_frame_allocate(&info, &frame, error));
  for (int c = 0; c < 3; ++c) {
    auto to = sized<cleanplate_component>();
    C_OK(cleanplate_frame_write(frame, c, &to, error));
    const int shift = c ? 1 : 0;
    for (int y = 0; y < to.height; ++y)
      for (int x = 0; x < to.width; ++x) {
        const double u = x * (1 << shift) + 3 * n, v = y * (1 << shift) + n;
        double value = c ? 120 + 20 * std::sin(u / 17 + c)
                         : 110 + 40 * std::sin(u / 9) + 30 * std::sin(v / 7 + u / 23);
        const int lx = x << shift, ly = y << shift;
        if (lx >= 12 && lx < 44 && ly >= 10 && ly < 30) value = .4 * (c ? 128 : 235) + .6 * value;
        static_cast<std::uint8_t*>(to.data)[y * to.stride + x] =
            static_cast<std::uint8_t>(std::lround(value));
      }
  }
  return frame;
}

inline std::vector<std::uint8_t> samples(const cleanplate_frame* frame) {
  std::vector<std::uint8_t> all;
  for (int c = 0; c < 3; ++c) {
    auto view = sized<cleanplate_component>();
    C_OK(cleanplate_frame_read(frame, c, &view, error));
    for (int y = 0; y < view.height; ++y) {
      const auto* row = static_cast<const std::uint8_t*>(view.data) + y * view.stride;
      all.insert(all.end(), row, row + view.width);
    }
  }
  return all;
}

/// Options for small clips: the mark told, two threads.
inline cleanplate_options* told_options(const char* method = "auto") {
  cleanplate_options* options = nullptr;
  C_OK(cleanplate_options_create(&options, error));
  C_OK(cleanplate_options_set(options, "region", "12,10,32,20", error));
  C_OK(cleanplate_options_set(options, "method", method, error));
  C_OK(cleanplate_options_set(options, "device", "cpu", error));
  C_OK(cleanplate_options_set_integer(options, "threads", 2, error));
  return options;
}

}  // namespace capi_test
