#include "frame/field.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cleanplate {

namespace {
/// The row of `field` at y.
const float* row_of(const Field& field, int y) { return &field.values[field.index(0, y)]; }

/// Whole rows against each other, as a compiler makes vectors of that.
template <class Better>
Field extreme(const Field& field, int radius, Better better) {
  const int w = field.width, h = field.height;
  Field across = field;
  const auto take = [=](const float* from, float* to, int n) {
    for (int i = 0; i < n; ++i) to[i] = better(from[i], to[i]) ? from[i] : to[i];
  };
  for (int y = 0; y < h; ++y) {
    float* const to = &across.values[across.index(0, y)];
    for (int d = 1; d <= std::min(radius, w - 1); ++d) {
      take(row_of(field, y) + d, to, w - d);
      take(row_of(field, y), to + d, w - d);
    }
  }
  Field out = across;
  for (int y = 0; y < h; ++y)
    for (int v = std::max(0, y - radius); v <= std::min(h - 1, y + radius); ++v)
      take(row_of(across, v), &out.values[out.index(0, y)], w);
  return out;
}
}  // namespace

Field box_mean(const Field& field, int radius) {
  const int w = field.width, h = field.height;
  Field across(w, h), out(w, h);
  for (int y = 0; y < h; ++y) {
    const float* const from = row_of(field, y);
    float* const to = &across.values[across.index(0, y)];
    double sum = 0;
    int left = 0, right = -1;
    for (int i = 0; i < w; ++i) {
      while (right < std::min(w - 1, i + radius)) sum += static_cast<double>(from[++right]);
      while (left < i - radius) sum -= static_cast<double>(from[left++]);
      to[i] = static_cast<float>(sum / (right - left + 1));
    }
  }
  // Down all columns at once.
  std::vector<double> sums(static_cast<std::size_t>(w));
  int top = 0, bottom = -1;
  for (int y = 0; y < h; ++y) {
    while (bottom < std::min(h - 1, y + radius)) {
      const float* const from = row_of(across, ++bottom);
      for (std::size_t x = 0; x < sums.size(); ++x) sums[x] += static_cast<double>(from[x]);
    }
    while (top < y - radius) {
      const float* const from = row_of(across, top++);
      for (std::size_t x = 0; x < sums.size(); ++x) sums[x] -= static_cast<double>(from[x]);
    }
    float* const to = &out.values[out.index(0, y)];
    for (std::size_t x = 0; x < sums.size(); ++x)
      to[x] = static_cast<float>(sums[x] / (bottom - top + 1));
  }
  return out;
}

Field dilated(const Field& field, int radius) {
  return extreme(field, radius, [](float a, float b) { return a > b; });
}
Field eroded(const Field& field, int radius) {
  return extreme(field, radius, [](float a, float b) { return a < b; });
}

Field cut_between(const Field& f, double left, double top, Size size) {
  const int x0 = static_cast<int>(std::floor(left)), y0 = static_cast<int>(std::floor(top));
  const auto fx = static_cast<float>(left - x0), fy = static_cast<float>(top - y0);
  Field out(size.width, size.height);
  const bool inside = x0 >= 0 && x0 + size.width < f.width;
  std::vector<float> rows[2];
  const auto row = [&](int y, std::vector<float>& spare) -> const float* {
    y = std::clamp(y, 0, f.height - 1);
    if (inside) return row_of(f, y) + x0;
    spare.resize(static_cast<std::size_t>(size.width) + 1);
    for (int x = 0; x <= size.width; ++x) spare[static_cast<std::size_t>(x)] = f.clamped(x0 + x, y);
    return spare.data();
  };
  for (int y = 0; y < size.height; ++y) {
    const float *const upper = row(y0 + y, rows[0]), *const lower = row(y0 + y + 1, rows[1]);
    float* const to = &out.values[out.index(0, y)];
    for (int x = 0; x < size.width; ++x)
      to[x] = (1 - fy) * ((1 - fx) * upper[x] + fx * upper[x + 1]) +
              fy * ((1 - fx) * lower[x] + fx * lower[x + 1]);
  }
  return out;
}

Field without_holes(const Field& field) {
  const int w = field.width, h = field.height;
  Field out(w, h, 1);
  std::vector<std::pair<int, int>> front;
  const auto reach = [&](int x, int y) {
    if (x < 0 || y < 0 || x >= w || y >= h) return;
    if (field.at(x, y) > 0 || out.at(x, y) == 0) return;
    out.at(x, y) = 0;
    front.emplace_back(x, y);
  };
  for (int x = 0; x < w; ++x) reach(x, 0), reach(x, h - 1);
  for (int y = 0; y < h; ++y) reach(0, y), reach(w - 1, y);
  while (!front.empty()) {
    const auto [x, y] = front.back();
    front.pop_back();
    reach(x - 1, y), reach(x + 1, y), reach(x, y - 1), reach(x, y + 1);
  }
  return out;
}

Field reduced(const Field& field, int shift_x, int shift_y) {
  if (!shift_x && !shift_y) return field;
  Field out((field.width + shift_x) >> shift_x, (field.height + shift_y) >> shift_y);
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x) {
      float sum = 0;
      for (int j = 0; j <= shift_y; ++j)
        for (int i = 0; i <= shift_x; ++i)
          sum += field.clamped((x << shift_x) + i, (y << shift_y) + j);
      out.at(x, y) = sum / static_cast<float>((1 + shift_x) * (1 + shift_y));
    }
  return out;
}

Field halved(const Field& field) {
  Field out(std::max(1, field.width / 2), std::max(1, field.height / 2));
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x)
      out.at(x, y) = .25f * (field.clamped(2 * x, 2 * y) + field.clamped(2 * x + 1, 2 * y) +
                             field.clamped(2 * x, 2 * y + 1) + field.clamped(2 * x + 1, 2 * y + 1));
  return out;
}

Field enlarged(const Field& field, Size size) {
  if (field.width == size.width && field.height == size.height) return field;
  Field out(size.width, size.height);
  const float sx = static_cast<float>(field.width) / static_cast<float>(size.width);
  const float sy = static_cast<float>(field.height) / static_cast<float>(size.height);
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      const float fx = std::max(0.f, (static_cast<float>(x) + .5f) * sx - .5f);
      const float fy = std::max(0.f, (static_cast<float>(y) + .5f) * sy - .5f);
      const int ix = static_cast<int>(fx), iy = static_cast<int>(fy);
      const float ax = fx - static_cast<float>(ix), ay = fy - static_cast<float>(iy);
      out.at(x, y) =
          (1 - ay) * ((1 - ax) * field.clamped(ix, iy) + ax * field.clamped(ix + 1, iy)) +
          ay * ((1 - ax) * field.clamped(ix, iy + 1) + ax * field.clamped(ix + 1, iy + 1));
    }
  return out;
}

Field laid_on(const Field& field, Size size) {
  if (field.width == size.width && field.height == size.height) return field;
  Field out(size.width, size.height);
  for (int y = 0; y < std::min(out.height, field.height); ++y)
    for (int x = 0; x < std::min(out.width, field.width); ++x) out.at(x, y) = field.at(x, y);
  return out;
}

float quantile(std::vector<float> values, double q) {
  if (values.empty()) return 0;
  const auto k = static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1) + .5);
  std::nth_element(values.begin(), values.begin() + k, values.end());
  return values[static_cast<std::size_t>(k)];
}

float usual_spread(std::vector<float> values) {
  const float middle = quantile(values, .5);
  for (float& v : values) v = std::abs(v - middle);
  return quantile(std::move(values), .5);
}

}  // namespace cleanplate
