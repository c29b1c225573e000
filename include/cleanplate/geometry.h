/// @file
/// Boxes and sizes, in luma samples of the coded picture, origin top left.
#pragma once
#include <algorithm>

namespace cleanplate {

struct Size {
  int width = 0, height = 0;
  bool operator==(const Size&) const = default;
};

/// Half-open: columns x … x+width-1, rows y … y+height-1.
struct Box {
  int x = 0, y = 0, width = 0, height = 0;

  [[nodiscard]] int right() const { return x + width; }
  [[nodiscard]] int bottom() const { return y + height; }
  [[nodiscard]] bool empty() const { return width <= 0 || height <= 0; }
  [[nodiscard]] long long area() const { return empty() ? 0 : 1LL * width * height; }
  [[nodiscard]] bool contains(int px, int py) const {
    return px >= x && py >= y && px < right() && py < bottom();
  }
  [[nodiscard]] Box intersect(const Box& o) const {
    const int l = std::max(x, o.x), t = std::max(y, o.y);
    return {l, t, std::max(0, std::min(right(), o.right()) - l),
            std::max(0, std::min(bottom(), o.bottom()) - t)};
  }
  /// The least box that holds both.
  [[nodiscard]] Box unite(const Box& o) const {
    if (empty()) return o;
    if (o.empty()) return *this;
    const int l = std::min(x, o.x), t = std::min(y, o.y);
    return {l, t, std::max(right(), o.right()) - l, std::max(bottom(), o.bottom()) - t};
  }
  /// Grown by `by` samples on every side.
  [[nodiscard]] Box grown(int by) const {
    return {x - by, y - by, width + 2 * by, height + 2 * by};
  }
  bool operator==(const Box&) const = default;
};

/// Intersection over union, 0…1.
[[nodiscard]] inline double iou(const Box& a, const Box& b) {
  const double both = static_cast<double>(a.intersect(b).area());
  const double any = static_cast<double>(a.area() + b.area()) - both;
  return any > 0 ? both / any : 0;
}

}  // namespace cleanplate
