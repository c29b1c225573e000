// A place before foliage that stands still, and frames of it.
#pragma once
#include <cleanplate/mask.h>

#include <functional>

#include "matte/crop_stack.h"

namespace cleanplate::still_place {

constexpr Size picture{160, 120};
constexpr Box around{8, 8, 144, 104};

inline int foliage(int x, int y) {
  const unsigned h =
      (static_cast<unsigned>(x / 2) * 2654435761U) ^ (static_cast<unsigned>(y / 2) * 2246822519U);
  return 60 + static_cast<int>((h >> 13) % 90U);
}

/// Six frames of the luma that `at` says of a place and a frame.
inline CropStack changing(const std::function<int(int, int, int)>& at) {
  CropStack out({Layout::grey, 8}, picture, around);
  for (int n = 0; n < 6; ++n) {
    Frame f = *Frame::allocate({Layout::grey, 8}, picture);
    const MutableComponentView to = f.writable(0);
    for (int y = 0; y < picture.height; ++y)
      for (int x = 0; x < picture.width; ++x)
        to.data[y * to.stride + x] = static_cast<std::byte>(at(x, y, n));
    out.add(f);
  }
  return out;
}

inline CropStack seen(const std::function<int(int, int)>& at) {
  return changing([&](int x, int y, int) { return at(x, y); });
}

inline Mask filled(const Box& box) {
  Mask out{around, {}};
  for (int y = around.y; y < around.bottom(); ++y)
    for (int x = around.x; x < around.right(); ++x)
      out.values.push_back(box.contains(x, y) ? 255 : 0);
  return out;
}

}  // namespace cleanplate::still_place
