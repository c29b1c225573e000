#include "detect/mean_picture.h"

#include <algorithm>
#include <cmath>

#include "core/try.h"
#include "frame/read_samples.h"
#include "frame/reduced.h"
#include "frame/rgb.h"

namespace cleanplate {

namespace {
constexpr int most_columns = 1440;
constexpr int sd_rows = 576;  // up to here an untold matrix is BT.601's

std::byte level(float value) {
  return static_cast<std::byte>(std::clamp(static_cast<int>(std::lround(value)), 0, 255));
}
}  // namespace

MeanPicture::MeanPicture(Size picture)
    : picture_(picture),
      reduction_((std::max(picture.width, picture.height) + most_columns - 1) / most_columns),
      luma_(std::max(1, picture.width / reduction_), std::max(1, picture.height / reduction_)) {
  reduced_ = luma_;
  row_.resize(static_cast<std::size_t>(picture.width));
}

void MeanPicture::add(const Frame& frame) {
  if (frames_ == 0) format_ = frame.format(), colour_ = frame.colour;
  const float unit = 1.f / static_cast<float>(1 << (frame.format().bits - 8));
  reduce(frame, 0, reduction_, reduced_);
  for (std::size_t i = 0; i < luma_.size(); ++i) luma_.values[i] += reduced_.values[i];
  for (int c = 1; c < frame.format().components(); ++c) {
    const ComponentView view = frame.component(c);
    Field& sum = chroma_[c - 1];
    if (sum.empty()) sum = Field(view.width, view.height);
    for (int y = 0; y < view.height; ++y) {
      read_samples(frame, c, {0, y, view.width, 1}, row_.data());
      float* to = &sum.values[sum.index(0, y)];
      for (int x = 0; x < view.width; ++x)
        to[x] += unit * static_cast<float>(row_[static_cast<std::size_t>(x)]);
    }
  }
  ++frames_;
}

Result<Picture> MeanPicture::picture() const {
  if (frames_ == 0)
    return Error{Code::invalid_argument, "detect", "There is no mean of no frames; push some."};
  const int w = luma_.width, h = luma_.height;
  CP_TRY(Frame mean, Frame::allocate({Layout::yuv444, 8}, {w, h}));
  mean.colour = colour_;
  if (mean.colour.matrix == 2) mean.colour.matrix = picture_.height > sd_rows ? 1 : 6;
  const float n = 1.f / static_cast<float>(frames_);
  for (int c = 0; c < 3; ++c) {
    const MutableComponentView to = mean.writable(c);
    const Field& from = c ? chroma_[c - 1] : luma_;
    // A reduced sample's place on the chroma grid.
    const double sx = c && !from.empty() ? static_cast<double>(from.width) / w : 1,
                 sy = c && !from.empty() ? static_cast<double>(from.height) / h : 1;
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        float value = 128;
        if (c == 0) {
          value = n * from.at(x, y);
        } else if (!from.empty()) {
          value =
              n * from.clamped(static_cast<int>((x + .5) * sx), static_cast<int>((y + .5) * sy));
        }
        to.data[y * to.stride + x] = level(value);
      }
  }
  return to_rgb(mean);
}

std::array<Field, 2> MeanPicture::chroma() const {
  std::array<Field, 2> out{chroma_[0], chroma_[1]};
  for (Field& f : out)
    for (float& v : f.values) v /= static_cast<float>(std::max(1, frames_));
  return out;
}

Picture halved(const Picture& rgb) {
  Picture out({std::max(1, rgb.size.width / 2), std::max(1, rgb.size.height / 2)}, rgb.channels);
  for (int y = 0; y < out.size.height; ++y)
    for (int x = 0; x < out.size.width; ++x)
      for (int k = 0; k < rgb.channels; ++k) {
        const int x1 = std::min(2 * x + 1, rgb.size.width - 1),
                  y1 = std::min(2 * y + 1, rgb.size.height - 1);
        out.at(x, y)[k] =
            static_cast<std::uint8_t>((rgb.at(2 * x, 2 * y)[k] + rgb.at(x1, 2 * y)[k] +
                                       rgb.at(2 * x, y1)[k] + rgb.at(x1, y1)[k] + 2) /
                                      4);
      }
  return out;
}

}  // namespace cleanplate
