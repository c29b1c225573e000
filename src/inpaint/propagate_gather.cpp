#include "inpaint/propagate_gather.h"

#include <algorithm>
#include <cmath>

#include "inpaint/hole_depth.h"

namespace cleanplate {

namespace {
constexpr int cell = 8;             ///< luma samples to a side of an error map's cell
constexpr int near = 32;            ///< luma samples round the hole that are compared
constexpr int probe_step = 3;       ///< luma samples from one comparison to the next
constexpr float most_error = 900;   ///< squared difference above which it no longer counts more
constexpr int fill_reach = 6;       ///< frames whose fills are averaged
constexpr float fill_noise = 4;     ///< squared 8-bit code values; error of matching fills
constexpr float mistrusted = .25F;  ///< how much a sample that is not trusted holds on to the fill

std::size_t at(int i) { return static_cast<std::size_t>(i); }

float bilinear(const CropPlane& p, int q, float fx, float fy) {
  const std::uint16_t* s = &p.samples[at(q)];
  const float top = static_cast<float>(s[0]) + fx * (static_cast<float>(s[1]) - s[0]);
  const float low =
      static_cast<float>(s[p.width]) + fx * (static_cast<float>(s[p.width + 1]) - s[p.width]);
  return top + fy * (low - top);
}

/// Catmull-Rom over 4 samples: keeps detail that two would blur.
void cubic(float f, std::array<float, 4>& w) {
  w[0] = f * (-.5F + f * (1 - .5F * f));
  w[1] = 1 + f * f * (-2.5F + 1.5F * f);
  w[2] = f * (.5F + f * (2 - 1.5F * f));
  w[3] = f * f * (-.5F + .5F * f);
}

float bicubic(const CropPlane& p, int q, float fx, float fy) {
  std::array<float, 4> wx{}, wy{};
  cubic(fx, wx);
  cubic(fy, wy);
  float sum = 0;
  for (int j = 0; j < 4; ++j) {
    const std::uint16_t* s = &p.samples[at(q + (j - 1) * p.width - 1)];
    sum += wy[at(j)] * (wx[0] * s[0] + wx[1] * s[1] + wx[2] * s[2] + wx[3] * s[3]);
  }
  return sum;
}
}  // namespace

ShownSamples shown_samples(const HoleMasks& holes) {
  ShownSamples out;
  for (std::size_t c = 0; c < out.size(); ++c) {
    const HoleMask& hole = holes[c];
    out[c].assign(hole.values.size(), 1);
    for (int y = 0; y < hole.height; ++y)
      for (int x = 0; x < hole.width; ++x) {
        if (!hole.values[at(y * hole.width + x)]) continue;
        // A ring of one sample carries the overlay's ringing.
        for (int v = std::max(0, y - 1); v <= std::min(hole.height - 1, y + 1); ++v)
          for (int u = std::max(0, x - 1); u <= std::min(hole.width - 1, x + 1); ++u)
            out[c][at(v * hole.width + u)] = 0;
      }
  }
  return out;
}

Gatherer::Gatherer(PixelFormat format, const HoleMasks& holes)
    : scale_(static_cast<float>(1 << (format.bits - 8))),
      max_value_(format.max_value()),
      shown_(shown_samples(holes)) {
  cells_wide_ = (holes[0].width + cell - 1) / cell;
  cells_high_ = (holes[0].height + cell - 1) / cell;
  const auto n = at(cells_wide_ * cells_high_);
  for (Map* m : {&error_, &roughness_}) {
    m->sum.resize(n);
    m->weight.resize(n);
    m->value.resize(n);
  }
  scratch_.resize(4 * n);
  row_sums_.resize(n);
  for (int c = 0; c < format.components(); ++c) {
    const HoleMask& hole = holes[at(c)];
    Plane& p = planes_[at(c)];
    p.width = hole.width;
    p.height = hole.height;
    p.shift_x = c ? format.chroma_shift_x() : 0;
    p.shift_y = c ? format.chroma_shift_y() : 0;
    const auto d = hole_depths(hole);
    for (int y = 0; y < p.height; ++y)
      for (int x = 0; x < p.width; ++x) {
        const int i = y * p.width + x;
        if (!hole.values[at(i)]) continue;
        p.holes.push_back(i);
        p.depth.push_back(d[at(i)] * static_cast<float>(1 << p.shift_x));
        const float cx = (static_cast<float>(x << p.shift_x) + .5F) / cell - .5F;
        const float cy = (static_cast<float>(y << p.shift_y) + .5F) / cell - .5F;
        const int u = std::clamp(static_cast<int>(cx), 0, cells_wide_ - 1);
        const int v = std::clamp(static_cast<int>(cy), 0, cells_high_ - 1);
        p.cells.push_back({v * cells_wide_ + u, u + 1 < cells_wide_ ? 1 : 0,
                           v + 1 < cells_high_ ? cells_wide_ : 0,
                           std::clamp(cx - static_cast<float>(u), 0.F, 1.F),
                           std::clamp(cy - static_cast<float>(v), 0.F, 1.F)});
      }
    if (p.holes.empty()) continue;
    int right = 0, bottom = 0;
    p.left = p.width;
    p.top = p.height;
    for (const int i : p.holes) {
      p.left = std::min(p.left, i % p.width - 1), right = std::max(right, i % p.width + 1);
      p.top = std::min(p.top, i / p.width - 1), bottom = std::max(bottom, i / p.width + 1);
    }
    p.left = std::max(p.left, 0);
    p.top = std::max(p.top, 0);
    p.box_width = std::min(right, p.width - 1) - p.left + 1;
    p.box_height = std::min(bottom, p.height - 1) - p.top + 1;
    p.gain.resize(at(p.box_width * p.box_height));
    p.gain_weight.resize(p.gain.size());
    for (const int i : p.holes)
      p.places.push_back((i / p.width - p.top) * p.box_width + i % p.width - p.left);
    p.extender = Extender(p.box_width, p.box_height);
    const std::size_t count = p.holes.size();
    p.seen.resize(count * most_seen);
    p.seen_error.resize(count * most_seen);
    for (auto* v : {&p.fill, &p.fill_weight, &p.fill_share}) v->resize(count);
    p.count.resize(count);
  }
  // The hole's box, grown: nothing further away is compared.
  const Plane& luma = planes_[0];
  int l = luma.width, t = luma.height, r = -1, b = -1;
  for (const int i : luma.holes) {
    l = std::min(l, i % luma.width), r = std::max(r, i % luma.width);
    t = std::min(t, i / luma.width), b = std::max(b, i / luma.width);
  }
  for (int y = std::max(1, t - near); y <= std::min(luma.height - 2, b + near); y += probe_step)
    for (int x = std::max(1, l - near); x <= std::min(luma.width - 2, r + near); x += probe_step)
      if (const int i = y * luma.width + x; shown_[0][at(i)]) {
        probes_.push_back(i);
        probe_cells_.push_back(y / cell * cells_wide_ + x / cell);
      }
}

void Gatherer::spread(Map& map) {
  // Sums over 3×3 cells decide, over 9×9 where those are empty, over all beyond.
  const int w = cells_wide_, h = cells_high_;
  const auto n = at(w * h);
  // Sums of 2·reach+1 cells, along rows, then along columns.
  const auto box = [&](const std::vector<float>& from, float* to, int reach) {
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        float s = 0;
        for (int u = std::max(0, x - reach); u <= std::min(w - 1, x + reach); ++u)
          s += from[at(y * w + u)];
        row_sums_[at(y * w + x)] = s;
      }
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        float s = 0;
        for (int v = std::max(0, y - reach); v <= std::min(h - 1, y + reach); ++v)
          s += row_sums_[at(v * w + x)];
        to[y * w + x] = s;
      }
  };
  box(map.sum, &scratch_[0], 1);
  box(map.weight, &scratch_[n], 1);
  box(map.sum, &scratch_[2 * n], 4);
  box(map.weight, &scratch_[3 * n], 4);
  float sum = 0, weight = 0;
  for (std::size_t i = 0; i < n; ++i) sum += map.sum[i], weight += map.weight[i];
  const float all = weight > 0 ? sum / weight : most_error;
  for (std::size_t i = 0; i < n; ++i)
    map.value[i] = (scratch_[i] + .05F * scratch_[2 * n + i] + .01F * all) /
                   (scratch_[n + i] + .05F * scratch_[3 * n + i] + .01F);
}

void Gatherer::measure_errors(const Crop& middle, const Neighbour& other) {
  std::fill(error_.sum.begin(), error_.sum.end(), 0.F);
  std::fill(error_.weight.begin(), error_.weight.end(), 0.F);
  differences_.clear();
  const Plane& p = planes_[0];
  const CropPlane& here = middle.planes[0];
  const CropPlane& there = other.seen->planes[0];
  const std::vector<std::uint8_t>& shown = (other.shown ? *other.shown : shown_)[0];
  const float unit = 1 / scale_;
  for (std::size_t i = 0; i < probes_.size(); ++i) {
    const int x = probes_[i] % p.width, y = probes_[i] / p.width;
    const auto qx = static_cast<float>(other.motion.x(x, y));
    const auto qy = static_cast<float>(other.motion.y(x, y));
    if (!(qx >= 0 && qy >= 0) || !(qx < static_cast<float>(p.width - 1)) ||
        !(qy < static_cast<float>(p.height - 1)))
      continue;
    const int u = static_cast<int>(qx), v = static_cast<int>(qy), q = v * p.width + u;
    if (!shown[at(q)] || !shown[at(q + p.width + 1)]) continue;
    const float d =
        unit * (bilinear(there, q, qx - static_cast<float>(u), qy - static_cast<float>(v)) -
                static_cast<float>(here.samples[at(probes_[i])]));
    differences_.push_back(std::abs(d));
    error_.sum[at(probe_cells_[i])] += std::min(d * d, most_error);
    error_.weight[at(probe_cells_[i])] += 1;
  }
  spread(error_);
}

void Gatherer::measure_roughness(const Crop& middle) {
  std::fill(roughness_.sum.begin(), roughness_.sum.end(), 0.F);
  std::fill(roughness_.weight.begin(), roughness_.weight.end(), 0.F);
  const CropPlane& here = middle.planes[0];
  const Plane& p = planes_[0];
  const float unit = .5F / scale_;
  for (std::size_t i = 0; i < probes_.size(); ++i) {
    const std::uint16_t* s = &here.samples[at(probes_[i])];
    const float gx = unit * (static_cast<float>(s[1]) - s[-1]);
    const float gy = unit * (static_cast<float>(s[p.width]) - s[-p.width]);
    roughness_.sum[at(probe_cells_[i])] += gx * gx + gy * gy;
    roughness_.weight[at(probe_cells_[i])] += 1;
  }
  spread(roughness_);
}

bool Gatherer::bring(Plane& p, std::size_t component, const Neighbour& other) {
  const CropPlane& seen = other.seen->planes[component];
  const CropPlane* filled = other.filled ? &other.filled->planes[component] : nullptr;
  const std::vector<std::uint8_t>& shown = (other.shown ? *other.shown : shown_)[component];
  const Motion motion = other.motion.on_grid(p.shift_x, p.shift_y);
  const bool averaged = filled && std::abs(other.away) <= fill_reach;
  bool any_open = false;
  for (std::size_t i = 0; i < p.holes.size(); ++i) {
    const bool open = p.count[i] < most_seen;
    any_open = any_open || open;
    if (!open && !averaged) continue;
    const int x = p.holes[i] % p.width, y = p.holes[i] / p.width;
    const auto qx = static_cast<float>(motion.x(x, y)), qy = static_cast<float>(motion.y(x, y));
    // Far off the crop (or not a number) there is nothing; 1…size-3 leaves room for 4×4.
    const bool inner = qx >= 1 && qy >= 1 && qx < static_cast<float>(p.width - 2) &&
                       qy < static_cast<float>(p.height - 2);
    const bool on = qx > -.01F && qy > -.01F && qx < static_cast<float>(p.width) - .99F &&
                    qy < static_cast<float>(p.height) - .99F;
    if (!on) continue;
    const int u = std::clamp(static_cast<int>(qx), 0, std::max(0, p.width - 2));
    const int v = std::clamp(static_cast<int>(qy), 0, std::max(0, p.height - 2));
    const int q = v * p.width + u;
    const float fx = qx - static_cast<float>(u), fy = qy - static_cast<float>(v);
    const float error = read(error_, p.cells[i]);
    const bool visible = inner && shown[at(q)] && shown[at(q + 1)] && shown[at(q + p.width)] &&
                         shown[at(q + p.width + 1)];
    if (visible) {
      if (!open) continue;
      const auto slot = i * most_seen + at(p.count[i]++);
      p.seen[slot] = bicubic(seen, q, fx, fy);
      p.seen_error[slot] = 1 + error;
    } else if (averaged) {
      const float weight = 1 / ((fill_noise + error) * (fill_noise + error));
      const bool room = u + 1 < p.width && v + 1 < p.height;
      p.fill[i] += weight * (room ? bilinear(*filled, q, fx, fy)
                                  : static_cast<float>(filled->samples[at(q)]));
      p.fill_weight[i] += weight;
    }
  }
  return any_open;
}

float Gatherer::read(const Map& map, const CellMix& c) {
  const float* m = &map.value[at(c.first)];
  const float top = m[0] + c.fx * (m[c.right] - m[0]);
  const float low = m[c.down] + c.fx * (m[c.down + c.right] - m[c.down]);
  return top + c.fy * (low - top);
}

void Gatherer::settle(Plane& p, CropPlane& out) {
  const float unit = 1 / scale_;
  // Round the holes time adds nothing to what is known.
  std::fill(p.gain.begin(), p.gain.end(), 0.F);
  std::fill(p.gain_weight.begin(), p.gain_weight.end(), 1.F);
  for (std::size_t i = 0; i < p.holes.size(); ++i) {
    const float fill = p.fill[i] / p.fill_weight[i];
    const int n = p.count[i];
    float gain = 0, share = 1;
    if (n > 0) {
      const float* seen = &p.seen[i * most_seen];
      const float* error = &p.seen_error[i * most_seen];
      std::array<float, most_seen> weight{};
      float mean = 0, total = 0, variance = 0, expected = 0;
      // The second round lets go of what the others disagree with.
      for (int round = 0; round < 2; ++round) {
        float sum = 0, next = 0, spread_sum = 0, error_sum = 0;
        for (int k = 0; k < n; ++k) {
          const float off = unit * (seen[k] - mean);
          const float doubt = round ? 1 + off * off / (error[k] + variance) : 1;
          weight[at(k)] = 1 / (error[k] * error[k] * doubt * doubt);
          sum += weight[at(k)];
          next += weight[at(k)] * seen[k];
          error_sum += weight[at(k)] * error[k];
        }
        mean = next / sum;
        total = sum;
        for (int k = 0; k < n; ++k) {
          const float off = unit * (seen[k] - mean);
          spread_sum += weight[at(k)] * off * off;
        }
        variance = spread_sum / total;
        expected = error_sum / total;
      }
      const float depth = std::min(p.depth[i], 24.F);
      // Squared errors, as measured against truths: what no neighbour shows twice is worth less,
      // and all less further in; that they disagree says more than what differs round the hole.
      const float rough = read(roughness_, p.cells[i]);
      const float from_time = expected * (1 + depth / 8) * (n == 1 ? 2.5F : 1.F) + 5 * variance;
      const float from_space = 1 + rough + 5.5F * std::sqrt(rough) * depth;
      share = from_time * from_time / (from_time * from_time + from_space * from_space);
      gain = mean - fill;
    }
    p.fill_share[i] = share;
    const float weight = n > 0 ? 1 - share + mistrusted * share : 0;
    p.gain[at(p.places[i])] = weight > 0 ? (1 - share) / weight * gain : 0;
    p.gain_weight[at(p.places[i])] = weight;
  }
  // What time adds at one place carries over to its neighbours that no other frame shows, so that
  // there is no seam between the two.
  p.extender.run(p.gain, p.gain_weight);
  for (std::size_t i = 0; i < p.holes.size(); ++i)
    out.samples[at(p.holes[i])] = static_cast<std::uint16_t>(
        std::clamp(p.fill[i] / p.fill_weight[i] + p.gain[at(p.places[i])] + .5F, 0.F,
                   static_cast<float>(max_value_)));
}

bool Gatherer::moved(const Motion& motion) const {
  const Plane& p = planes_[0];
  bool any = false;
  for (const int x : {p.left, p.left + p.box_width})
    for (const int y : {p.top, p.top + p.box_height})
      any = any || std::abs(motion.x(x, y) - x) > 1 || std::abs(motion.y(x, y) - y) > 1;
  return any;
}

void Gatherer::gather(std::span<const Neighbour> around, Crop& out) {
  const Neighbour& middle = around.front();
  change_ = -1;
  measure_roughness(*middle.seen);
  for (Plane& p : planes_) std::fill(p.count.begin(), p.count.end(), 0);
  for (std::size_t c = 0; c < planes_.size(); ++c) {
    Plane& p = planes_[c];
    constexpr float own = 1 / (fill_noise * fill_noise);
    for (std::size_t i = 0; i < p.holes.size(); ++i) {
      p.fill[i] = own * static_cast<float>(middle.filled->planes[c].samples[at(p.holes[i])]);
      p.fill_weight[i] = own;
    }
  }
  for (const Neighbour& other : around.subspan(1)) {
    // Far off in time and hardly moved: shows nothing, and its fill is not wanted.
    if (!other.shown && std::abs(other.away) > fill_reach && !moved(other.motion)) continue;
    measure_errors(*middle.seen, other);
    if (change_ < 0 && !differences_.empty()) {
      const auto half = differences_.begin() + static_cast<std::ptrdiff_t>(differences_.size() / 2);
      std::nth_element(differences_.begin(), half, differences_.end());
      change_ = *half * scale_;
    }
    bool open = other.filled && std::abs(other.away) <= fill_reach;
    for (std::size_t c = 0; c < planes_.size(); ++c)
      if (!planes_[c].holes.empty()) open = bring(planes_[c], c, other) || open;
    if (!open) break;
  }
  for (std::size_t c = 0; c < planes_.size(); ++c)
    if (!planes_[c].holes.empty()) settle(planes_[c], out.planes[c]);
}

}  // namespace cleanplate
