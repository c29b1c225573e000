/// @file
/// A part of a view's rows.
#pragma once
#include "device/hd.h"

namespace cleanplate {

/// Rows first … first + count − 1.
template <class T, int Step>
[[nodiscard]] DeviceView<T, Step> rows_of(const DeviceView<T, Step>& view, int first, int count) {
  using Byte = std::conditional_t<std::is_const_v<T>, const unsigned char, unsigned char>;
  auto* at = reinterpret_cast<Byte*>(view.first.address()) + first * view.stride;
  return {DevicePtr<T>(reinterpret_cast<T*>(at)), view.stride, view.width, count};
}

/// Rows first, first + 2, …: one field of an interlaced picture. @param first  0 or 1.
template <class T, int Step>
[[nodiscard]] DeviceView<T, Step> every_second_row(const DeviceView<T, Step>& view, int first) {
  const DeviceView<T, Step> rest = rows_of(view, first, (view.height - first + 1) / 2);
  return {rest.first, 2 * rest.stride, rest.width, rest.height};
}

}  // namespace cleanplate
