#include "detect/template_evidence.h"

#include <algorithm>
#include <cmath>

#include "frame/read_samples.h"

namespace cleanplate {

namespace {

constexpr float calm = 2;   // levels of variation that count as none
constexpr float bound = 3;  // a stronger edge is one of the scene's that stands still

Field averaged(const Field& from, int r) {
  if (r == 1) return from;
  Field out(std::max(1, from.width / r), std::max(1, from.height / r));
  for (int y = 0; y < out.height * r; ++y)
    for (int x = 0; x < out.width * r; ++x) out.at(x / r, y / r) += from.clamped(x, y);
  for (float& v : out.values) v /= static_cast<float>(r * r);
  return out;
}

}  // namespace

double TemplateLevel::power_in(const Box& box) const {
  const Box in = box.intersect({0, 0, along_x.width, along_x.height});
  const auto at = [&](int x, int y) {
    return power[static_cast<std::size_t>(y) * static_cast<std::size_t>(along_x.width + 1) +
                 static_cast<std::size_t>(x)];
  };
  return at(in.right(), in.bottom()) - at(in.x, in.bottom()) - at(in.right(), in.y) +
         at(in.x, in.y);
}

TemplateEvidence::TemplateEvidence(PixelFormat format, Size picture)
    : format_(format), picture_(picture) {
  for (int c = 0; c < format.components(); ++c) {
    const Box all = component_box({0, 0, picture.width, picture.height}, format, c, picture);
    Sums& sums = sums_[static_cast<std::size_t>(c)];
    sums.values = sums.power = sums.now = Field(all.width, all.height);
  }
  row_.resize(static_cast<std::size_t>(picture.width));
}

void TemplateEvidence::add(const Frame& frame) {
  const float unit = 1.f / static_cast<float>(1 << (frame.format().bits - 8));
  for (int c = 0; c < components(); ++c) {
    Sums& sums = sums_[static_cast<std::size_t>(c)];
    const int w = sums.now.width;
    for (int y = 0; y < sums.now.height; ++y) {
      read_samples(frame, c, {0, y, w, 1}, row_.data());
      float *now = &sums.now.values[sums.now.index(0, y)],
            *sum = &sums.values.values[sums.values.index(0, y)];
      for (int x = 0; x < w; ++x) {
        now[x] = unit * static_cast<float>(row_[static_cast<std::size_t>(x)]);
        sum[x] += now[x];
      }
      if (y == 0) continue;
      const float* above = &sums.now.values[sums.now.index(0, y - 1)];
      float* power = &sums.power.values[sums.power.index(0, y)];
      for (int x = 1; x < w; ++x) {
        const float gx = now[x] - now[x - 1], gy = now[x] - above[x];
        power[x] += gx * gx + gy * gy;
      }
    }
  }
  ++frames_;
}

TemplateLevel TemplateEvidence::level(int component, int reduction) const {
  const float n = static_cast<float>(std::max(1, frames_));
  const auto& [sum, power, now] = sums_[static_cast<std::size_t>(component)];
  Field deviation(sum.width, sum.height);
  for (int y = 1; y < sum.height; ++y)
    for (int x = 1; x < sum.width; ++x) {
      const float gx = (sum.at(x, y) - sum.at(x - 1, y)) / n,
                  gy = (sum.at(x, y) - sum.at(x, y - 1)) / n;
      deviation.at(x, y) = std::sqrt(std::max(0.f, power.at(x, y) / n - gx * gx - gy * gy) / 2);
    }
  const bool coarse = sum.width != picture_.width || sum.height != picture_.height;
  const auto laid = [&](const Field& field) {
    return coarse ? averaged(enlarged(field, picture_), reduction) : averaged(field, reduction);
  };
  const Field mean = laid(sum), varies = laid(deviation);
  TemplateLevel out;
  out.reduction = reduction;
  out.along_x = out.along_y = Field(mean.width, mean.height);
  for (int y = 1; y < mean.height; ++y)
    for (int x = 1; x < mean.width; ++x) {
      const float weight = 1 / (varies.at(x, y) + calm);
      float gx = weight * (mean.at(x, y) - mean.at(x - 1, y)) / n,
            gy = weight * (mean.at(x, y) - mean.at(x, y - 1)) / n;
      const float size = std::sqrt(gx * gx + gy * gy);
      if (size > bound) gx *= bound / size, gy *= bound / size;
      out.along_x.at(x, y) = gx;
      out.along_y.at(x, y) = gy;
    }
  const auto across = static_cast<std::size_t>(mean.width + 1);
  out.power.assign(across * static_cast<std::size_t>(mean.height + 1), 0);
  for (int y = 0; y < mean.height; ++y) {
    double row = 0;
    for (int x = 0; x < mean.width; ++x) {
      const auto gx = static_cast<double>(out.along_x.at(x, y)),
                 gy = static_cast<double>(out.along_y.at(x, y));
      row += gx * gx + gy * gy;
      const auto i = static_cast<std::size_t>(y + 1) * across + static_cast<std::size_t>(x + 1);
      out.power[i] = out.power[i - across] + row;
    }
  }
  return out;
}

}  // namespace cleanplate
