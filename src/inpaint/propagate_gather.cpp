#include "inpaint/propagate_gather.h"

#include <algorithm>
#include <cmath>

#include "core/try.h"
#include "device/rows.h"
#include "inpaint/hole_depth.h"

namespace cleanplate {

namespace {
constexpr int fill_reach = 6;  ///< frames whose fills are averaged
constexpr int more_maps = 16;  ///< room is made for so many at a time

std::size_t at(int i) { return static_cast<std::size_t>(i); }
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

PlanesHere<std::uint16_t> planes_of(const Crop& crop) {
  PlanesHere<std::uint16_t> out;
  for (std::size_t c = 0; c < out.size(); ++c)
    out[c] = {crop.planes[c].samples.data(), crop.planes[c].width, crop.planes[c].height};
  return out;
}

PlanesHere<std::uint8_t> planes_of(const ShownSamples& shown, const HoleMasks& holes) {
  PlanesHere<std::uint8_t> out;
  for (std::size_t c = 0; c < out.size(); ++c)
    out[c] = {shown[c].data(), holes[c].width, holes[c].height};
  return out;
}

Gatherer::Gatherer(const Device& device, PixelFormat format, const HoleMasks& holes)
    : device_(device),
      scale_(static_cast<float>(1 << (format.bits - 8))),
      max_value_(format.max_value()),
      holes_(holes),
      shown_(shown_samples(holes)),
      errors_(holes[0], shown_[0], scale_) {
  for (int c = 0; c < format.components(); ++c) {
    const HoleMask& hole = holes[at(c)];
    Plane& p = planes_[at(c)];
    p.width = hole.width;
    p.height = hole.height;
    p.shift_x = c ? format.chroma_shift_x() : 0;
    p.shift_y = c ? format.chroma_shift_y() : 0;
    int left = p.width, top = p.height, right = 0, bottom = 0;
    for (int y = 0; y < p.height; ++y)
      for (int x = 0; x < p.width; ++x) {
        const int i = y * p.width + x;
        if (!hole.values[at(i)]) continue;
        p.holes.push_back(i);
        left = std::min(left, x - 1), right = std::max(right, x + 1);
        top = std::min(top, y - 1), bottom = std::max(bottom, y + 1);
      }
    if (p.holes.empty()) continue;
    left = std::max(left, 0), top = std::max(top, 0);
    p.box = {left, top, std::min(right, p.width - 1) - left + 1,
             std::min(bottom, p.height - 1) - top + 1};
    const auto depths = hole_depths(hole);
    p.depths.resize(static_cast<std::size_t>(p.box.area()));
    for (const int i : p.holes) {
      const int place = (i / p.width - top) * p.box.width + i % p.width - left;
      p.places.push_back(place);
      p.depths[at(place)] = depths[at(i)] * static_cast<float>(1 << p.shift_x);
    }
    p.extender = Extender(p.box.width, p.box.height);
    p.fill_share.resize(p.holes.size());
  }
}

DeviceView<float> Gatherer::Plane::rows() const {
  return state.view<float>(box.width, box.height * GatherState::planes);
}

/// What the device needs for all frames.
Result<void> Gatherer::set_up(Stream& stream) {
  if (set_up_) return {};
  CP_CHECK(shown_there_.take(device_, stream, planes_of(shown_, holes_)));
  for (Plane& p : planes_) {
    if (p.holes.empty()) continue;
    const auto [w, h] = std::pair(p.box.width, p.box.height);
    CP_CHECK(p.depth.resize(device_, w, h));
    std::copy(p.depths.begin(), p.depths.end(), p.depth.host(Touch::write));
    CP_CHECK(p.depth.to_device(stream));
    CP_TRY(p.state, device_.core().allocate(p.depths.size() * GatherState::planes * sizeof(float)));
    CP_CHECK(p.open.resize(device_, 1, h));
    CP_CHECK(p.answer.resize(device_, w, 4 * h));
  }
  set_up_ = true;
  return {};
}

bool Gatherer::moved(const Motion& motion) const {
  const Box& box = planes_[0].box;
  bool any = false;
  for (const int x : {box.x, box.right()})
    for (const int y : {box.y, box.bottom()})
      any = any || std::abs(motion.x(x, y) - x) > 1 || std::abs(motion.y(x, y) - y) > 1;
  return any;
}

bool Gatherer::averaged(const Neighbour& other) {
  return other.filled && std::abs(other.away) <= fill_reach;
}

ErrorCells Gatherer::cells(const Plane& p) const {
  return {errors_.wide(), errors_.high(), p.shift_x, p.shift_y};
}

Result<void> Gatherer::gather(Stream& stream, std::span<const Neighbour> around, Crop& out) {
  const Neighbour& middle = around.front();
  CP_CHECK(set_up(stream));
  looked_.clear();
  for (const Neighbour& other : around.subspan(1))
    // Far off in time and hardly moved: shows nothing, and its fill is not wanted.
    if (other.shown || std::abs(other.away) <= fill_reach || moved(other.motion))
      looked_.push_back(&other);
  const int high = errors_.high(), maps = static_cast<int>(looked_.size()) + 1;
  CP_CHECK(
      maps_.resize(device_, errors_.wide(), (maps + more_maps - 1) / more_maps * more_maps * high));
  float* const all = maps_.host(Touch::write);
  const std::size_t cells = at(errors_.wide() * high);
  const auto map = [&](std::size_t n) { return std::span(all + n * cells, cells); };
  errors_.of_roughness(middle.seen->planes[0], map(0));
  CP_CHECK(maps_.to_device(stream, 0, high));
  change_ = -1;
  std::size_t begin = 0;
  do {
    const std::size_t end = std::min(begin + gathered_at_once, looked_.size());
    const auto some = std::span(looked_).subspan(begin, end - begin);
    if (begin > 0 && !averaged(*some.front())) {
      CP_TRY(const bool open, any_open(stream));
      if (!open) break;
    }
    for (std::size_t n = begin; n < end; ++n) {
      const Neighbour& other = *looked_[n];
      errors_.of_difference(middle.seen->planes[0], other.seen->planes[0], other.motion,
                            (other.shown ? *other.shown : shown_)[0], map(n + 1));
      if (change_ < 0) change_ = errors_.median_difference();
    }
    const auto first = static_cast<int>(begin) + 1, count = static_cast<int>(some.size());
    CP_CHECK(maps_.to_device(stream, first * high, count * high));
    CP_CHECK(bring(stream, middle, some, first));
    begin = end;
  } while (begin < looked_.size());
  return settle(stream, out);
}

/// The roughness, or how far one of those that are looked at differs.
DeviceView<const float> Gatherer::map(int n) {
  return rows_of(maps_.view(), n * errors_.high(), errors_.high());
}

/// @param first  the first one's map.
Result<void> Gatherer::bring(Stream& stream, const Neighbour& middle,
                             std::span<const Neighbour* const> some, int first) {
  for (std::size_t c = 0; c < planes_.size(); ++c) {
    Plane& p = planes_[c];
    if (p.holes.empty()) continue;
    BringSamples kernel{{},
                        static_cast<int>(some.size()),
                        middle.filled_there[c],
                        first == 1,
                        p.depth.view(),
                        {p.rows(), p.box.height},
                        cells(p),
                        p.box.x,
                        p.box.y,
                        p.width,
                        p.height};
    std::array<Access, std::size_t{3} * gathered_at_once> sources;
    for (std::size_t k = 0; k < some.size(); ++k) {
      const Neighbour& other = *some[k];
      const auto& seen = other.seen_there[c];
      const auto& filled = (other.filled ? other.filled_there : other.seen_there)[c];
      const auto& shown = (other.shown ? other.shown_there : shown_there_.there())[c];
      const auto& m = other.motion.on_grid(p.shift_x, p.shift_y).m;
      kernel.sources[k] = {seen,
                           filled,
                           shown,
                           map(first + static_cast<int>(k)),
                           m[0],
                           m[1],
                           m[2],
                           m[3],
                           m[4],
                           m[5],
                           averaged(other),
                           static_cast<float>(std::abs(other.away))};
      const auto touched = reads(seen, filled, shown);
      std::copy(touched.begin(), touched.end(), &sources[3 * k]);
    }
    CP_CHECK(stream.launch({p.box.width, p.box.height}, kernel,
                           reads(middle.filled_there[c], p.depth.view(), maps_.view()), sources,
                           writes(p.rows())));
  }
  return {};
}

Result<bool> Gatherer::any_open(Stream& stream) {
  for (Plane& p : planes_) {
    if (p.holes.empty()) continue;
    CP_CHECK(
        stream.launch({1, p.box.height},
                      OpenRow{p.depth.view(), {p.rows(), p.box.height}, p.open.view(), p.box.width},
                      reads(p.depth.view(), p.rows()), writes(p.open.view())));
    CP_CHECK(p.open.to_host(stream));
  }
  CP_CHECK(stream.wait());
  bool any = false;
  for (Plane& p : planes_) {
    if (p.holes.empty()) continue;
    const std::uint8_t* open = p.open.host(Touch::read);
    any = std::any_of(open, open + p.box.height, [](std::uint8_t row) { return row != 0; }) || any;
  }
  return any;
}

Result<void> Gatherer::settle(Stream& stream, Crop& out) {
  const auto part = [](Plane& p, int k) {
    return rows_of(p.answer.view(), k * p.box.height, p.box.height);
  };
  for (Plane& p : planes_) {
    if (p.holes.empty()) continue;
    CP_CHECK(stream.launch({p.box.width, p.box.height},
                           MeanSample{p.depth.view(),
                                      {p.rows(), p.box.height},
                                      map(0),
                                      cells(p),
                                      part(p, 0),
                                      part(p, 1),
                                      part(p, 2),
                                      part(p, 3),
                                      p.box.x,
                                      p.box.y,
                                      1 / scale_},
                           reads(p.depth.view(), p.rows(), maps_.view()), writes(p.answer.view())));
    CP_CHECK(p.answer.to_host(stream));
  }
  CP_CHECK(stream.wait());
  for (std::size_t c = 0; c < planes_.size(); ++c) {
    Plane& p = planes_[c];
    if (p.holes.empty()) continue;
    const std::size_t n = p.depths.size();
    const auto top = static_cast<float>(max_value_);
    float* const fill = p.answer.host(Touch::write);
    const std::span<float> gain(fill + n, n), weight(fill + 2 * n, n), share(fill + 3 * n, n);
    // What time adds at one place carries over to its neighbours that no other frame shows, so
    // that there is no seam between the two.
    p.extender.run(gain, weight);
    for (std::size_t i = 0; i < p.holes.size(); ++i) {
      const std::size_t place = at(p.places[i]);
      p.fill_share[i] = share[place];
      out.planes[c].samples[at(p.holes[i])] =
          static_cast<std::uint16_t>(std::clamp(fill[place] + gain[place] + .5F, 0.F, top));
    }
  }
  return {};
}

}  // namespace cleanplate
