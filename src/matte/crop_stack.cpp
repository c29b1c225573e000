#include "matte/crop_stack.h"

#include <algorithm>
#include <cmath>

#include "frame/read_samples.h"
#include "matte/cubic_taps.h"

namespace cleanplate {

CropStack::CropStack(PixelFormat format, Size picture, const Box& box) : format_(format) {
  const Box luma = aligned_box(box, format, picture);
  for (int c = 0; c < format.components(); ++c)
    boxes_[static_cast<std::size_t>(c)] = component_box(luma, format, c, picture);
}

void CropStack::add(const Frame& frame) {
  for (int c = 0; c < format_.components(); ++c) {
    auto& samples = samples_[static_cast<std::size_t>(c)];
    const auto old = samples.size();
    samples.resize(old + static_cast<std::size_t>(box(c).area()));
    read_samples(frame, c, box(c), samples.data() + old);
  }
  ++frames_;
}

void CropStack::add(const Frame& frame, double dx, double dy) {
  struct Cut {
    Box box;
    float fx, fy;
  };
  std::array<Cut, 3> cuts{};
  for (int c = 0; c < format_.components(); ++c) {
    const double x = dx / (1 << (c ? format_.chroma_shift_x() : 0)),
                 y = dy / (1 << (c ? format_.chroma_shift_y() : 0));
    const int ix = static_cast<int>(std::floor(x)), iy = static_cast<int>(std::floor(y));
    Cut& cut = cuts[static_cast<std::size_t>(c)];
    cut = {{box(c).x + ix - 1, box(c).y + iy - 1, box(c).width + 3, box(c).height + 3},
           static_cast<float>(x - ix),
           static_cast<float>(y - iy)};
    const ComponentView view = frame.component(c);
    if (!(cut.box.intersect({0, 0, view.width, view.height}) == cut.box)) return;
  }
  for (int c = 0; c < format_.components(); ++c) {
    const auto& [wide, fx, fy] = cuts[static_cast<std::size_t>(c)];
    std::vector<std::uint16_t> from(static_cast<std::size_t>(wide.area()));
    read_samples(frame, c, wide, from.data());
    const auto across = cubic_taps(fx), down = cubic_taps(fy);
    std::vector<float> rows;  // interpolated across
    for (int y = 0; y < wide.height; ++y)
      for (int x = 0; x < box(c).width; ++x) {
        const std::uint16_t* p = from.data() + static_cast<std::ptrdiff_t>(y) * wide.width + x;
        rows.push_back(across[0] * static_cast<float>(p[0]) + across[1] * static_cast<float>(p[1]) +
                       across[2] * static_cast<float>(p[2]) + across[3] * static_cast<float>(p[3]));
      }
    const auto top = static_cast<float>((1 << format_.bits) - 1);
    const std::ptrdiff_t width = box(c).width;
    auto& samples = samples_[static_cast<std::size_t>(c)];
    for (std::ptrdiff_t i = 0; i < box(c).area(); ++i) {
      const float* p = rows.data() + i;
      const float value =
          down[0] * p[0] + down[1] * p[width] + down[2] * p[2 * width] + down[3] * p[3 * width];
      samples.push_back(static_cast<std::uint16_t>(std::clamp(value, 0.f, top) + .5f));
    }
  }
  ++frames_;
}

const std::uint16_t* CropStack::samples(int component, int frame) const {
  return samples_[static_cast<std::size_t>(component)].data() +
         static_cast<std::size_t>(frame) * static_cast<std::size_t>(box(component).area());
}

Field CropStack::field(int component, int frame) const {
  const Box& b = box(component);
  Field out(b.width, b.height);
  const auto* from = samples(component, frame);
  for (std::size_t i = 0; i < out.size(); ++i) out.values[i] = static_cast<float>(from[i]);
  return out;
}

Field CropStack::mean(int component) const {
  const Box& b = box(component);
  std::vector<std::uint32_t> sum(static_cast<std::size_t>(b.area()), 0);
  for (int t = 0; t < frames_; ++t) {
    const auto* from = samples(component, t);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += from[i];
  }
  Field out(b.width, b.height);
  for (std::size_t i = 0; i < sum.size(); ++i)
    out.values[i] = static_cast<float>(static_cast<double>(sum[i]) / std::max(1, frames_));
  return out;
}

std::vector<Field> CropStack::mean_picture() const {
  const float unit = std::ldexp(1.f, 8 - format_.bits);
  std::vector<Field> out;
  for (int c = 0; c < format_.components(); ++c) {
    out.push_back(c ? enlarged(mean(c), {box(0).width, box(0).height}) : mean(c));
    for (float& v : out.back().values) v *= unit;
  }
  return out;
}

CropStack CropStack::of(const std::vector<int>& frames) const {
  CropStack out = *this;
  out.frames_ = static_cast<int>(frames.size());
  for (int c = 0; c < format_.components(); ++c) {
    auto& to = out.samples_[static_cast<std::size_t>(c)];
    to.clear();
    for (const int t : frames) to.insert(to.end(), samples(c, t), samples(c, t) + box(c).area());
  }
  return out;
}

CropStack CropStack::cut(const Box& luma, Size picture) const {
  CropStack out(format_, picture, luma);
  out.frames_ = frames_;
  for (int c = 0; c < format_.components(); ++c) {
    const Box &from = box(c), &to = out.box(c);
    auto& kept = out.samples_[static_cast<std::size_t>(c)];
    kept.reserve(static_cast<std::size_t>(to.area()) * static_cast<std::size_t>(frames_));
    for (int t = 0; t < frames_; ++t)
      for (int y = 0; y < to.height; ++y) {
        const auto* row = samples(c, t) +
                          static_cast<std::ptrdiff_t>(to.y - from.y + y) * from.width +
                          (to.x - from.x);
        kept.insert(kept.end(), row, row + to.width);
      }
  }
  return out;
}

CropStack CropStack::halved() const {
  CropStack out = *this;
  for (int c = 0; c < format_.components(); ++c) {
    const auto k = static_cast<std::size_t>(c);
    const Box& from = boxes_[k];
    Box& to = out.boxes_[k];
    to = {0, 0, std::max(1, from.width / 2), std::max(1, from.height / 2)};
    out.samples_[k].clear();
    for (int t = 0; t < frames_; ++t) {
      const auto* f = samples(c, t);
      for (int y = 0; y < to.height; ++y)
        for (int x = 0; x < to.width; ++x) {
          const int x1 = std::min(2 * x + 1, from.width - 1),
                    y1 = std::min(2 * y + 1, from.height - 1);
          const int sum = f[2 * y * from.width + 2 * x] + f[2 * y * from.width + x1] +
                          f[y1 * from.width + 2 * x] + f[y1 * from.width + x1];
          out.samples_[k].push_back(static_cast<std::uint16_t>((sum + 2) / 4));
        }
    }
  }
  return out;
}

std::size_t CropStack::bytes() const {
  return 2 * (samples_[0].size() + samples_[1].size() + samples_[2].size());
}

std::size_t CropStack::bytes_per_frame(PixelFormat format, Size picture, const Box& box) {
  const CropStack none(format, picture, box);
  std::size_t samples = 0;
  for (int c = 0; c < format.components(); ++c)
    samples += static_cast<std::size_t>(none.box(c).area());
  return 2 * samples;
}

}  // namespace cleanplate
