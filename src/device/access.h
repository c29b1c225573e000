/// @file
/// What a launch or copy touches, declared by whoever queues it.
#pragma once
#include <array>

#include "device/hd.h"

namespace cleanplate {

enum class Touch : std::int32_t { read = 0, write = 1 };

/// Bytes first … first+bytes-1, the gaps between a view's rows included.
struct Access {
  const void* first = nullptr;
  std::size_t bytes = 0;
  Touch touch = Touch::read;
};

template <class T, int Step>
[[nodiscard]] Access access_of(const DeviceView<T, Step>& v, Touch touch) {
  if (v.width < 1 || v.height < 1) return {v.first.address(), 0, touch};
  const std::size_t row = (static_cast<std::size_t>(v.width - 1) * Step + 1) * sizeof(T);
  const auto* first = reinterpret_cast<const unsigned char*>(v.first.address());
  // A negative stride: the last row has the lowest address.
  if (v.stride < 0) first += v.stride * (v.height - 1);
  const auto stride = static_cast<std::size_t>(v.stride < 0 ? -v.stride : v.stride);
  return {first, stride * static_cast<std::size_t>(v.height - 1) + row, touch};
}

/// stream.launch(extent, kernel, reads(a, b), writes(c)).
template <class... Views>
[[nodiscard]] std::array<Access, sizeof...(Views)> reads(const Views&... views) {
  return {access_of(views, Touch::read)...};
}
template <class... Views>
[[nodiscard]] std::array<Access, sizeof...(Views)> writes(const Views&... views) {
  return {access_of(views, Touch::write)...};
}

}  // namespace cleanplate
