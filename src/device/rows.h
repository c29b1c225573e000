/// @file
/// A part of a view's rows.
#pragma once
#include "device/hd.h"

namespace cleanplate {

/// Rows first, first + 2, …: one field of an interlaced picture. @param first  0 or 1.
template <class T, int Step>
[[nodiscard]] DeviceView<T, Step> every_second_row(const DeviceView<T, Step>& view, int first) {
  using Byte = std::conditional_t<std::is_const<T>::value, const unsigned char, unsigned char>;
  auto* at = reinterpret_cast<Byte*>(view.first.address()) + first * view.stride;
  return {DevicePtr<T>(reinterpret_cast<T*>(at)), 2 * view.stride, view.width,
          (view.height - first + 1) / 2};
}

}  // namespace cleanplate
