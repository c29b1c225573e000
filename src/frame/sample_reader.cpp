#include "frame/sample_reader.h"

#include "core/try.h"
#include "frame/device_frames.h"
#include "frame/read_sample.h"
#include "frame/read_samples.h"

namespace cleanplate {

Result<void> check_box(const Frame& frame, int component, const Box& box) {
  if (!frame || component < 0 || component >= frame.format().components())
    return Error{Code::invalid_argument, "frame",
                 "Component " + std::to_string(component) + " was asked for, and the frame has " +
                     std::to_string(frame ? frame.format().components() : 0) + "."};
  const ComponentView view = frame.component(component);
  if (box.empty() || box.intersect({0, 0, view.width, view.height}) != box)
    return Error{Code::invalid_argument, "frame",
                 "The box " + std::to_string(box.x) + "," + std::to_string(box.y) + "," +
                     std::to_string(box.width) + "," + std::to_string(box.height) +
                     " is empty or reaches outside a component of " + std::to_string(view.width) +
                     "x" + std::to_string(view.height) + " samples."};
  const auto word = static_cast<std::uintptr_t>(frame.format().bytes_per_sample());
  if (reinterpret_cast<std::uintptr_t>(view.data) % word ||
      static_cast<std::uintptr_t>(view.stride) % word)
    return Error{Code::invalid_argument, "frame",
                 "A plane of 16-bit samples begins or continues at an odd address; align it to two "
                 "bytes."};
  return {};
}

void host_touches(const Device& device, const Frame& frame, Touch touch) {
  for (int c = 0; frame && !frame.on_device() && c < frame.format().components(); ++c) {
    const ComponentView v = frame.component(c);
    const int row = ((v.width - 1) * v.step + 1) * frame.format().bytes_per_sample();
    const Access rows = access_of(in_place(v.data, v.stride, row, v.height), touch);
    device.core().host_touches(rows.first, rows.bytes, touch);
  }
}

Result<void> DeviceWords::check_device(const Frame& frame) const {
  const Device* there = DeviceFrames::device_of(frame);
  if (!there || &there->core() == &device_.core()) return {};
  return Error{Code::invalid_argument, "frame",
               "The frame lies in the memory of " + there->name() + ", and is to be worked on by " +
                   device_.name() + "; give what its to_host() gives."};
}

namespace {
/// From a plane's first byte to the component's.
int within(const Frame& frame, int component) {
  const bool second = frame.format().layout == Layout::nv12 && component == 2;
  return second ? frame.format().bytes_per_sample() : 0;
}
}  // namespace

Result<DeviceWords::Origin<const std::byte>> DeviceWords::origin(const Frame& frame,
                                                                 int component) const {
  using Found = Origin<const std::byte>;
  if (!frame.on_device())
    return Found{frame.component(component).data, device_.core().reaches_host_memory()};
  CP_CHECK(check_device(frame));
  const int plane = DeviceFrames::plane_of(frame.format(), component);
  return Found{DeviceFrames::rows(frame, plane).first.address() + within(frame, component), true};
}

Result<DeviceWords::Origin<std::byte>> DeviceWords::writable_origin(Frame& frame,
                                                                    int component) const {
  using Found = Origin<std::byte>;
  if (!frame.on_device())
    return Found{frame.writable(component).data, device_.core().reaches_host_memory()};
  CP_CHECK(check_device(frame));
  std::byte* plane =
      DeviceFrames::writable_rows(frame, DeviceFrames::plane_of(frame.format(), component))
          .first.address();
  return Found{plane ? plane + within(frame, component) : nullptr, true};
}

Result<void> SampleReader::read(Stream& stream, const Frame& frame, int component, const Box& box,
                                const DeviceView<std::uint16_t>& out) {
  CP_CHECK(check_box(frame, component, box));
  if (out.width != box.width || out.height != box.height)
    return Error{Code::invalid_argument, "frame", "The samples' rows are not of the box's size."};
  const ComponentView from = frame.component(component);
  CP_TRY(const auto origin, words_.origin(frame, component));
  return with_words(frame.format(), from.step, [&](auto kind) -> Result<void> {
    using W = decltype(kind);
    using T = const typename W::Type;
    CP_TRY(const auto words, (words_.bring<T, W::step>(stream, origin, from.stride, box)));
    return stream.launch(
        {box.width, box.height},
        ReadSample<typename W::Type, W::step>{words, out, frame.format().sample_shift()},
        reads(words), writes(out));
  });
}

Result<void> SampleReader::bring(Stream& stream, const Frame& frame, int component, const Box& box,
                                 Buffer& there, std::vector<std::uint16_t>& out) {
  out.resize(static_cast<std::size_t>(box.area()));
  if (!frame.on_device()) {
    read_samples(frame, component, box, out.data());
    return {};
  }
  const std::size_t bytes = out.size() * sizeof(std::uint16_t);
  if (!there || there.bytes() < bytes) {
    CP_TRY(there, device_.core().allocate(bytes));
  }
  const auto view = there.view<std::uint16_t>(box.width, box.height);
  auto done = read(stream, frame, component, box, view);
  if (done) done = stream.download(out.data(), std::ptrdiff_t{2} * box.width, view);
  const auto waited = stream.wait();  // after a failure too: the host's memory goes
  CP_CHECK(done);
  CP_CHECK(waited);
  device_.core().host_touches(out.data(), bytes, Touch::write);
  return {};
}

}  // namespace cleanplate
