#include "inpaint/network_fill.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "core/log.h"
#include "core/try.h"

namespace cleanplate {

namespace {

constexpr int multiple = 8;          // of the sides that such networks take
constexpr double hardly = .75;       // mean difference of two crops, 8-bit levels
constexpr double nowhere_over = 12;  // and the greatest

int up_to(int side) { return (side + multiple - 1) / multiple * multiple; }

/// 0 1 … n−1 n−1 n−2 …: inside again, however far out.
int reflected(int i, int n) {
  const int k = i % (2 * n);
  return k < n ? k : 2 * n - 1 - k;
}

std::size_t area(int width, int height) {
  return static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
}

}  // namespace

Result<NetworkFill> NetworkFill::create(const NetworkFillOptions& options, PixelFormat format,
                                        const HoleMasks& holes) {
  return guarded("inpaint", [&]() -> Result<NetworkFill> {
    for (int c = 0; c < format.components(); ++c) {
      const HoleMask& h = holes[static_cast<std::size_t>(c)];
      if (h.width < 1 || h.height < 1 || h.values.size() != area(h.width, h.height))
        return Error{Code::invalid_argument, "inpaint",
                     fmt::format("A network's fill has no proper mask for component {}.", c)};
    }
    if (!options.network || options.batch < 1)
      return Error{Code::invalid_argument, "inpaint",
                   "A network's fill needs a network and a batch of at least one crop."};
    return NetworkFill(options, format, holes);
  });
}

NetworkFill::NetworkFill(NetworkFillOptions options, PixelFormat format, const HoleMasks& holes)
    : options_(std::move(options)),
      format_(format),
      holes_(holes),
      width_(up_to(holes[0].width)),
      height_(up_to(holes[0].height)),
      at_once_(static_cast<std::size_t>(options_.batch)) {
  const std::size_t plane = area(width_, height_);
  for (int y = 0; y < height_; ++y)
    for (int x = 0; x < width_; ++x) {
      const int u = reflected(x, holes[0].width), v = reflected(y, holes[0].height);
      bool hidden = false;  // a colour is, as soon as one of its components is
      for (int c = 0; c < format.components(); ++c) {
        const HoleMask& h = holes[static_cast<std::size_t>(c)];
        const int cu = std::min(c ? u >> format.chroma_shift_x() : u, h.width - 1),
                  cv = std::min(c ? v >> format.chroma_shift_y() : v, h.height - 1);
        hidden = hidden || h.values[static_cast<std::size_t>(cv * h.width + cu)];
      }
      mask_.push_back(hidden ? 1.f : 0.f);
    }
  mask_.resize(plane * at_once_);
  for (std::size_t n = 1; n < at_once_; ++n)
    std::copy_n(mask_.begin(), plane, mask_.begin() + static_cast<std::ptrdiff_t>(n * plane));
}

/// Compared where the scene is known; what the hole shows is the mark's.
bool NetworkFill::like_last(const Crop& crop) const {
  if (!last_) return false;
  const double unit = 1 << (format_.bits - 8);
  for (std::size_t c = 0; c < static_cast<std::size_t>(format_.components()); ++c) {
    const auto &now = crop.planes[c].samples, &then = last_->planes[c].samples;
    double sum = 0, count = 0;
    for (std::size_t i = 0; i < now.size(); ++i) {
      if (holes_[c].values[i]) continue;
      const double d = std::abs(static_cast<double>(now[i]) - static_cast<double>(then[i]));
      if (d > nowhere_over * unit) return false;
      sum += d, count += 1;
    }
    if (count > 0 && sum > hardly * unit * count) return false;
  }
  return true;
}

void NetworkFill::to_planes(const Crop& crop, float* rgb) const {
  const std::size_t plane = area(width_, height_);
  const int components = format_.components();
  for (int y = 0; y < height_; ++y)
    for (int x = 0; x < width_; ++x) {
      const int u = reflected(x, holes_[0].width), v = reflected(y, holes_[0].height);
      std::array<double, 3> values{};
      for (int c = 0; c < components; ++c) {
        const CropPlane& p = crop.planes[static_cast<std::size_t>(c)];
        const int cu = std::min(c ? u >> format_.chroma_shift_x() : u, p.width - 1),
                  cv = std::min(c ? v >> format_.chroma_shift_y() : v, p.height - 1);
        const CodeScale scale = scale_of(c);
        values[static_cast<std::size_t>(c)] =
            (static_cast<double>(p.samples[static_cast<std::size_t>(cv * p.width + cu)]) -
             scale.zero) /
            scale.span;
      }
      const std::array<double, 3> colours =
          planes_are_gbr() ? std::array{values[2], values[0], values[1]}
                           : rgb_of(values, luma_weights(options_.colour.matrix, options_.rows));
      for (std::size_t k = 0; k < 3; ++k)
        rgb[k * plane + static_cast<std::size_t>(y * width_ + x)] =
            static_cast<float>(std::clamp(colours[k], 0., 1.));
    }
}

/// Writes the hole's samples; a chroma sample is the mean of the luma samples that share it.
void NetworkFill::from_planes(const float* rgb, Crop& crop) const {
  const std::size_t plane = area(width_, height_);
  const LumaWeights weights = luma_weights(options_.colour.matrix, options_.rows);
  for (int c = 0; c < format_.components(); ++c) {
    CropPlane& to = crop.planes[static_cast<std::size_t>(c)];
    const HoleMask& hole = holes_[static_cast<std::size_t>(c)];
    const CodeScale scale = scale_of(c);
    const int sx = c ? format_.chroma_shift_x() : 0, sy = c ? format_.chroma_shift_y() : 0;
    for (int y = 0; y < to.height; ++y)
      for (int x = 0; x < to.width; ++x) {
        const auto at = static_cast<std::size_t>(y * to.width + x);
        if (!hole.values[at]) continue;
        double sum = 0, count = 0;
        for (int v = y << sy; v < std::min((y + 1) << sy, holes_[0].height); ++v)
          for (int u = x << sx; u < std::min((x + 1) << sx, holes_[0].width); ++u) {
            const float* from = rgb + static_cast<std::size_t>(v * width_ + u);
            const std::array<double, 3> colours{static_cast<double>(from[0]),
                                                static_cast<double>(from[plane]),
                                                static_cast<double>(from[2 * plane])};
            const std::array<double, 3> values =
                planes_are_gbr() ? std::array{colours[1], colours[2], colours[0]}
                                 : ycbcr_of(colours, weights);
            sum += values[static_cast<std::size_t>(c)], count += 1;
          }
        if (count > 0)
          to.samples[at] = static_cast<std::uint16_t>(
              std::clamp(std::lround(scale.zero + scale.span * sum / count), 0L,
                         static_cast<long>(format_.max_value())));
      }
  }
}

/// G, B, R in the place of Y, Cb, Cr.
bool NetworkFill::planes_are_gbr() const {
  return options_.colour.matrix == 0 && format_.layout == Layout::yuv444;
}

CodeScale NetworkFill::scale_of(int component) const {
  return code_scale(planes_are_gbr() ? 0 : component, format_.bits, options_.colour.range == 2);
}

Result<void> NetworkFill::push(Crop crop) {
  return guarded("inpaint", [&]() -> Result<void> {
    for (std::size_t c = 0; c < static_cast<std::size_t>(format_.components()); ++c)
      if (crop.planes[c].width != holes_[c].width || crop.planes[c].height != holes_[c].height)
        return Error{Code::invalid_argument, "inpaint",
                     "A network's fill was given a crop of another size than its masks."};
    if (like_last(crop)) {
      if (waiting_.empty() && last_answered_) {
        from_planes(last_answer_.data(), crop);
        ready_.push_back(std::move(crop));
      } else {
        waiting_.push_back({std::move(crop), asked_ - 1});
      }
    } else {
      const std::size_t one = 3 * area(width_, height_);
      images_.resize(std::max(images_.size(), (asked_ + 1) * one));
      to_planes(crop, images_.data() + asked_ * one);
      last_ = crop;
      last_answered_ = false;
      waiting_.push_back({std::move(crop), asked_++});
    }
    if (static_cast<int>(waiting_.size()) >= options_.batch) return look();
    return {};
  });
}

Result<void> NetworkFill::flush() {
  return guarded("inpaint", [&]() -> Result<void> {
    CP_CHECK(look());
    last_.reset();
    return {};
  });
}

std::optional<Crop> NetworkFill::pull() {
  if (ready_.empty()) return std::nullopt;
  std::optional<Crop> out(std::move(ready_.front()));
  ready_.pop_front();
  return out;
}

Result<void> NetworkFill::look() {
  if (waiting_.empty()) return {};
  const std::size_t one = 3 * area(width_, height_);
  answers_.resize(asked_ * one);
  for (std::size_t first = 0; first < asked_;) {
    const std::size_t count = std::min(at_once_, asked_ - first);
    if (auto looked = look(first, count); !looked) {
      if (looked.error().code != Code::out_of_memory || count == 1) return looked;
      log_line(LogLevel::info, "inpaint: {} crops at a time are too many for the memory: {}", count,
               looked.error().message);
      at_once_ = count / 2;
      continue;
    }
    first += count;
  }
  for (Waiting& w : waiting_) {
    from_planes(&answers_[w.answer * one], w.crop);
    ready_.push_back(std::move(w.crop));
  }
  last_answer_.assign(answers_.end() - static_cast<std::ptrdiff_t>(one), answers_.end());
  last_answered_ = true;
  waiting_.clear();
  asked_ = 0;
  return {};
}

Result<void> NetworkFill::look(std::size_t first, std::size_t count) {
  const auto n = static_cast<std::int64_t>(count);
  const std::size_t one = 3 * area(width_, height_);
  CP_TRY(const auto answer,
         options_.network->run(
             {TensorView::dense(images_.data() + first * one, Scalar::f32, {n, 3, height_, width_}),
              TensorView::dense(mask_.data(), Scalar::f32, {n, 1, height_, width_})}));
  ++passes_;
  const bool fits = answer.size() == 1 && answer[0].view.rank == 4 &&
                    answer[0].view.type == Scalar::f32 && answer[0].view.shape[0] == n &&
                    answer[0].view.shape[1] == 3 && answer[0].view.shape[2] == height_ &&
                    answer[0].view.shape[3] == width_;
  if (!fits) {
    std::string shape;
    if (!answer.empty())
      for (int k = 0; k < answer[0].view.rank; ++k)
        shape +=
            (k ? " x " : "") + std::to_string(answer[0].view.shape[static_cast<std::size_t>(k)]);
    return Error{
        Code::network, "inpaint",
        fmt::format("The network '{}' answers with {} tensor(s), the first of {}, where an "
                    "inpainting network gives one image of {} x 3 x {} x {} floats.",
                    options_.model, answer.size(), shape.empty() ? "no shape" : shape, n, height_,
                    width_)};
  }
  const auto* values = static_cast<const float*>(answer[0].view.data);
  if (!std::all_of(values, values + count * one, [](float v) { return std::isfinite(v); }))
    return Error{
        Code::network, "inpaint",
        fmt::format("The network '{}' answers with values that are no numbers.", options_.model)};
  std::memcpy(&answers_[first * one], values, count * one * sizeof(float));
  return {};
}

}  // namespace cleanplate
