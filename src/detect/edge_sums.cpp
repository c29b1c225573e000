#include "detect/edge_sums.h"

#include <algorithm>
#include <cmath>

namespace cleanplate {

namespace {

std::size_t area(Size size) {
  return static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
}

std::int8_t byte_of(float value) {
  return static_cast<std::int8_t>(std::lrint(std::clamp(value, -127.f, 127.f)));
}

void add_shifted(std::vector<std::int16_t>& to, const std::vector<std::int8_t>& from, Size size,
                 int dx, int dy) {
  const int y0 = std::max(0, -dy), y1 = std::min(size.height, size.height - dy);
  const int x0 = std::max(0, -dx), x1 = std::min(size.width, size.width - dx);
  for (int y = y0; y < y1; ++y) {
    std::int16_t* t = to.data() + static_cast<std::ptrdiff_t>(y) * size.width;
    const std::int8_t* f = from.data() + static_cast<std::ptrdiff_t>(y + dy) * size.width + dx;
    for (int x = x0; x < x1; ++x) t[x] = static_cast<std::int16_t>(t[x] + f[x]);
  }
}

std::vector<std::int8_t> halved(const std::vector<std::int8_t>& from, Size size) {
  const int w = size.width / 2, h = size.height / 2;
  std::vector<std::int8_t> out(area({w, h}));
  for (int y = 0; y < h; ++y) {
    const std::int8_t *a = from.data() + static_cast<std::ptrdiff_t>(2 * y) * size.width,
                      *b = a + size.width;
    std::int8_t* to = out.data() + static_cast<std::ptrdiff_t>(y) * w;
    for (int x = 0; x < w; ++x)
      to[x] = static_cast<std::int8_t>((a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1]) / 4);
  }
  return out;
}

EdgeBytes less_mean(const EdgeHistory& history, std::size_t frame, const Edges& mean) {
  EdgeBytes out{history.grid(), {}, {}};
  const std::vector<std::int8_t>& kept = history.kept(frame);
  const std::size_t size = area(out.size);
  out.x.resize(size), out.y.resize(size);
  for (std::size_t i = 0; i < size; ++i) {
    out.x[i] = byte_of(static_cast<float>(kept[i]) - mean.x.values[i]);
    out.y[i] = byte_of(static_cast<float>(kept[size + i]) - mean.y.values[i]);
  }
  return out;
}

}  // namespace

std::vector<EdgeBytes> moving_edges(const EdgeHistory& history, std::size_t first,
                                    std::size_t count, std::size_t from, std::size_t to) {
  const Edges mean = history.mean(from, to);
  std::vector<EdgeBytes> out;
  for (std::size_t n = first; n < first + count; ++n) out.push_back(less_mean(history, n, mean));
  return out;
}

EdgeBytes halved(const EdgeBytes& from) {
  return {{from.size.width / 2, from.size.height / 2},
          halved(from.x, from.size),
          halved(from.y, from.size)};
}

EdgeSums::EdgeSums(Size of) : size(of), x(area(of)), y(area(of)) {}

void EdgeSums::clear() {
  std::fill(x.begin(), x.end(), std::int16_t{0});
  std::fill(y.begin(), y.end(), std::int16_t{0});
}

void EdgeSums::add(const EdgeBytes& picture, int dx, int dy) {
  add_shifted(x, picture.x, size, dx, dy);
  add_shifted(y, picture.y, size, dx, dy);
}

EdgeBytes EdgeSums::mean(int count) const {
  EdgeBytes out{size, {}, {}};
  out.x.resize(x.size()), out.y.resize(y.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    out.x[i] = static_cast<std::int8_t>(x[i] / count);
    out.y[i] = static_cast<std::int8_t>(y[i] / count);
  }
  return out;
}

}  // namespace cleanplate
