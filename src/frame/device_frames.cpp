#include "frame/device_frames.h"

#include <algorithm>
#include <mutex>
#include <vector>

#include "core/try.h"
#include "frame/card_format.h"
#include "frame/device_words.h"
#include "frame/samples.h"

namespace cleanplate {

namespace {
constexpr std::size_t row_alignment = 256;  // of CUDA's textures, and so of NVENC

int even(int side) { return (side + 1) / 2 * 2; }
int plane_rows(PixelFormat format, Size size, int plane) {
  return plane && format.chroma_shift_y() ? even(size.height) / 2 : size.height;
}

/// Nobody takes over from here: the samples are where they cannot be got at.
Error cut_off(const Error& why, const char* way, const Device& device) {
  Error e = why;
  if (why.code == Code::device)  // but for what the sentence says is done instead
    e.message = std::string("A frame cannot be brought ") + way + " the memory of " +
                device.name() + " (" + why.message.substr(0, why.message.find(';')) +
                "); run it again with device=cpu.";
  return e;
}
}  // namespace

struct DeviceFrames::State {
  Device device;
  PixelFormat format;
  Size size;
  std::size_t stride;
  std::mutex lock;
  std::vector<Buffer> idle;
  std::size_t made = 0;
  std::vector<Stream> streams;  ///< that no thread has now
};

Result<DeviceFrames> DeviceFrames::create(const Device& device, PixelFormat format, Size size) {
  return guarded("frame", [&]() -> Result<DeviceFrames> {
    auto state = std::make_shared<State>();
    state->device = device;
    state->format = format;
    state->size = size;
    const auto row = static_cast<std::size_t>(even(size.width)) *
                     static_cast<std::size_t>(format.bytes_per_sample());
    state->stride = (row + row_alignment - 1) / row_alignment * row_alignment;
    return DeviceFrames(std::move(state));
  });
}

Result<Frame> DeviceFrames::take() const {
  return guarded("frame", [&]() -> Result<Frame> {
    State& s = *state_;
    auto samples = std::make_shared<Frame::Samples>(s.format, s.size);
    Buffer memory;
    {
      const std::lock_guard held(s.lock);
      if (!s.idle.empty()) {
        memory = std::move(s.idle.back());
        s.idle.pop_back();
      } else {
        s.idle.reserve(s.made + 1);  // coming back must not fail
        ++s.made;
      }
    }
    int rows = 0;
    for (int p = 0; p < s.format.planes(); ++p) rows += plane_rows(s.format, s.size, p);
    if (!memory) {
      CP_TRY(memory,
             s.device.core().allocate(s.stride * static_cast<std::size_t>(rows), Memory::known));
    }
    const auto stride = static_cast<std::ptrdiff_t>(s.stride);
    const PlaneMemory plane{nullptr, stride};
    samples->lay({plane, plane, plane});
    for (ComponentView& view : samples->views) view.data = nullptr;
    samples->there = std::move(memory);
    samples->among = *this;
    Frame frame;
    frame.samples_ = std::move(samples);
    return frame;
  });
}

void DeviceFrames::give_back(Buffer memory) const noexcept {
  const std::lock_guard held(state_->lock);
  state_->idle.push_back(std::move(memory));
}

/// Calls use(stream) with one that no other thread has, and waits for what it queued.
template <class Use>
Result<void> DeviceFrames::with_stream(Use&& use) const {
  State& s = *state_;
  Stream stream;
  {
    const std::lock_guard held(s.lock);
    if (!s.streams.empty()) {
      stream = std::move(s.streams.back());
      s.streams.pop_back();
    }
  }
  if (!stream) {
    CP_TRY(stream, s.device.core().stream());
  }
  auto done = use(stream);
  const auto waited = stream.wait();  // after a failure too: memory in use goes now
  if (done && !waited) done = waited;
  if (!done) return done;
  const std::lock_guard held(s.lock);
  s.streams.push_back(std::move(stream));
  return {};
}

Result<Frame> DeviceFrames::copy(const Frame& frame) const {
  return guarded("frame", [&]() -> Result<Frame> {
    const bool there = have(frame);
    Frame host;
    if (!there) {
      CP_CHECK(in_host_memory(frame, "frame"));
      CP_TRY(host, in_format(frame, format()));
    }
    CP_TRY(Frame made, take());
    const auto done = with_stream([&](Stream& stream) -> Result<void> {
      for (int p = 0; p < format().planes(); ++p) {
        const auto to = writable_rows(made, p);
        if (there) {
          CP_CHECK(stream.copy(to, rows(frame, p)));
          continue;
        }
        const ComponentView from = host.component(p);
        CP_CHECK(stream.upload(to, from.data, from.stride));
      }
      return {};
    });
    if (!done) return there ? done.error() : cut_off(done.error(), "to", device());
    Frame out = frame;
    out.samples_ = std::move(made.samples_);
    return out;
  });
}

Result<Frame> DeviceFrames::bring_down(const Frame& frame) const {
  return guarded("frame", [&]() -> Result<Frame> {
    CP_TRY(Frame host, Frame::allocate(frame.format(), frame.size()));
    const auto done = with_stream([&](Stream& stream) -> Result<void> {
      for (int p = 0; p < format().planes(); ++p) {
        const MutableComponentView to = host.writable(p);
        CP_CHECK(stream.download(to.data, to.stride, rows(frame, p)));
      }
      return {};
    });
    if (!done) return cut_off(done.error(), "from", device());
    host_touches(device(), host, Touch::read);
    CP_TRY(Frame planes, in_format(host, planar_format(format())));
    Frame out = frame;
    out.samples_ = std::move(planes.samples_);
    return out;
  });
}

bool DeviceFrames::have(const Frame& frame) const {
  return frame.on_device() && frame.samples_->among->state_ == state_;
}
const Device& DeviceFrames::device() const { return state_->device; }
PixelFormat DeviceFrames::format() const { return state_->format; }
Size DeviceFrames::size() const { return state_->size; }

const Device* DeviceFrames::device_of(const Frame& frame) {
  return frame.on_device() ? &frame.samples_->among->device() : nullptr;
}

int DeviceFrames::plane_of(PixelFormat format, int component) {
  return format.layout == Layout::nv12 ? std::min(component, 1) : component;
}

DeviceView<const std::byte> DeviceFrames::rows(const Frame& frame, int plane) {
  const ComponentView v = frame.component(plane);
  std::size_t above = 0;
  for (int p = 0; p < plane; ++p)
    above += static_cast<std::size_t>(plane_rows(frame.format(), frame.size(), p));
  const int row = v.width * v.step * frame.format().bytes_per_sample();
  auto all = frame.samples_->there.view<const std::byte>(
      row, v.height, above * static_cast<std::size_t>(v.stride));
  all.stride = v.stride;
  return all;
}

DeviceView<std::byte> DeviceFrames::writable_rows(Frame& frame, int plane) {
  if (!frame.on_device() || frame.samples_.use_count() != 1) return {};
  const auto v = rows(frame, plane);
  // The memory is ours and mutable: `take` allocated it.
  return {DevicePtr<std::byte>(const_cast<std::byte*>(v.first.address())), v.stride, v.width,
          v.height};
}

PixelFormat host_format(const Frame& frame) {
  return frame.on_device() ? planar_format(frame.format()) : frame.format();
}

Result<void> in_host_memory(const Frame& frame, const char* stage) {
  if (!frame.on_device()) return {};
  return Error{Code::invalid_argument, stage,
               "The frame lies in the memory of " + DeviceFrames::device_of(frame)->name() +
                   ", where it cannot be looked at here; give what its to_host() gives."};
}

}  // namespace cleanplate
