#include <cleanplate/frame.h>

#include <cstdlib>
#include <cstring>

#include "core/try.h"
#include "frame/samples.h"

namespace cleanplate {

namespace {
constexpr int max_side = 32768;
constexpr std::size_t row_alignment = 64;

int chroma_size(int luma, int shift) { return (luma + (1 << shift) - 1) >> shift; }

Result<void> check(PixelFormat format, Size size) {
  const auto layout = static_cast<int>(format.layout);
  if (size.width < 1 || size.height < 1 || size.width > max_side || size.height > max_side)
    return Error{Code::invalid_argument, "frame",
                 "A frame of " + std::to_string(size.width) + "x" + std::to_string(size.height) +
                     " samples cannot be; each side is 1 to 32768."};
  if (format.bits < 8 || format.bits > 16 || layout < 0 || layout > 5)
    return Error{Code::invalid_argument, "frame",
                 "A frame has 8 to 16 bits a sample in one of the known layouts; got " +
                     std::to_string(format.bits) + " bits, layout " + std::to_string(layout) + "."};
  return {};
}
}  // namespace

void Frame::Samples::lay(const std::array<PlaneMemory, 3>& planes) {
  const int cw = chroma_size(size.width, format.chroma_shift_x());
  const int ch = chroma_size(size.height, format.chroma_shift_y());
  for (int c = 0; c < format.components(); ++c) {
    const bool interleaved = format.layout == Layout::nv12 && c > 0;
    const auto& plane = planes[static_cast<std::size_t>(interleaved ? 1 : c)];
    auto& view = views[static_cast<std::size_t>(c)];
    view.data = static_cast<const std::byte*>(plane.data);
    if (interleaved && c == 2) view.data += format.bytes_per_sample();
    view.stride = plane.stride;
    view.step = interleaved ? 2 : 1;
    view.width = c ? cw : size.width;
    view.height = c ? ch : size.height;
  }
}

std::shared_ptr<Frame::Samples> Frame::Samples::make(
    PixelFormat format, Size size, const std::function<SampleMemory(std::size_t)>& memory) {
  std::array<std::size_t, 3> stride{}, offset{};
  std::size_t total = 0;
  for (int p = 0; p < format.planes(); ++p) {
    const int w = p ? chroma_size(size.width, format.chroma_shift_x()) : size.width;
    const int h = p ? chroma_size(size.height, format.chroma_shift_y()) : size.height;
    const int in_turn = format.layout == Layout::nv12 && p ? 2 : 1;
    const auto i = static_cast<std::size_t>(p);
    const auto bytes = static_cast<std::size_t>(w * in_turn * format.bytes_per_sample());
    stride[i] = (bytes + row_alignment - 1) / row_alignment * row_alignment;
    offset[i] = total;
    total += stride[i] * static_cast<std::size_t>(h);
  }
  auto samples = std::make_shared<Samples>(format, size);
  samples->own = memory(total);
  if (!samples->own) throw std::bad_alloc();
  std::array<PlaneMemory, 3> planes{};
  for (std::size_t i = 0; i < 3; ++i)
    planes[i] = {samples->own.get() + offset[i], static_cast<std::ptrdiff_t>(stride[i])};
  samples->lay(planes);
  return samples;
}

Result<Frame> Frame::allocate(PixelFormat format, Size size) {
  return guarded("frame", [&]() -> Result<Frame> {
    CP_CHECK(check(format, size));
    Frame frame;
    frame.samples_ = Samples::make(format, size, sample_memory);
    return frame;
  });
}

Result<Frame> Frame::wrap(PixelFormat format, Size size, const std::array<PlaneMemory, 3>& planes,
                          std::shared_ptr<const void> owner) {
  return guarded("frame", [&]() -> Result<Frame> {
    CP_CHECK(check(format, size));
    for (int p = 0; p < format.planes(); ++p)
      if (!planes[static_cast<std::size_t>(p)].data)
        return Error{Code::invalid_argument, "frame",
                     "Plane " + std::to_string(p) + " of the wrapped frame has no memory."};
    auto samples = std::make_shared<Samples>(format, size);
    samples->owner = std::move(owner);
    samples->lay(planes);
    Frame frame;
    frame.samples_ = std::move(samples);
    return frame;
  });
}

PixelFormat Frame::format() const { return samples_ ? samples_->format : PixelFormat{}; }
Size Frame::size() const { return samples_ ? samples_->size : Size{}; }

ComponentView Frame::component(int component) const {
  return samples_ ? samples_->views[static_cast<std::size_t>(component)] : ComponentView{};
}

MutableComponentView Frame::writable(int component) {
  if (!samples_ || !samples_->own || samples_.use_count() != 1) return {};
  const ComponentView v = samples_->views[static_cast<std::size_t>(component)];
  // The memory is ours and mutable: `own` allocated it.
  return {samples_->own.get() + (v.data - samples_->own.get()), v.stride, v.step, v.width,
          v.height};
}

Result<Frame> Frame::writable_copy() const {
  if (!samples_) return Error{Code::invalid_argument, "frame", "An empty frame cannot be copied."};
  if (on_device()) return samples_->among->copy(*this);
  CP_TRY(Frame copy, allocate(samples_->format, samples_->size));
  copy_rows(*this, copy);
  return with_properties_of(*this, std::move(copy));
}

void copy_rows(const Frame& from, Frame& to) {
  for (int p = 0; p < from.format().planes(); ++p) {
    const auto rows = from.component(p);
    const auto there = to.writable(p);
    if (!there.data) return;
    const auto bytes =
        static_cast<std::size_t>(rows.width * rows.step * from.format().bytes_per_sample());
    for (int y = 0; y < rows.height; ++y)
      std::memcpy(there.data + y * there.stride, rows.data + y * rows.stride, bytes);
  }
}

Frame with_properties_of(const Frame& picture, Frame samples) {
  samples.pts = picture.pts;
  samples.duration = picture.duration;
  samples.colour = picture.colour;
  samples.interlaced = picture.interlaced;
  samples.top_field_first = picture.top_field_first;
  samples.key = picture.key;
  samples.side_data = picture.side_data;
  return samples;
}

bool Frame::on_device() const { return samples_ && samples_->among; }

Result<Frame> Frame::to_host() const {
  return on_device() ? samples_->among->bring_down(*this) : Result<Frame>(*this);
}

}  // namespace cleanplate
