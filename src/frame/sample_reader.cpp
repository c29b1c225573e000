#include "frame/sample_reader.h"

#include "core/try.h"
#include "frame/read_sample.h"

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
  for (int c = 0; frame && c < frame.format().components(); ++c) {
    const ComponentView v = frame.component(c);
    const int row = ((v.width - 1) * v.step + 1) * frame.format().bytes_per_sample();
    const Access rows = access_of(in_place(v.data, v.stride, row, v.height), touch);
    device.core().host_touches(rows.first, rows.bytes, touch);
  }
}

Result<void> SampleReader::read(Stream& stream, const Frame& frame, int component, const Box& box,
                                const DeviceView<std::uint16_t>& out) {
  CP_CHECK(check_box(frame, component, box));
  if (out.width != box.width || out.height != box.height)
    return Error{Code::invalid_argument, "frame", "The samples' rows are not of the box's size."};
  const ComponentView from = frame.component(component);
  return with_words(frame.format(), from.step, [&](auto kind) -> Result<void> {
    using W = decltype(kind);
    using T = const typename W::Type;
    CP_TRY(const auto words,
           (words_.bring<T, W::step>(stream, reinterpret_cast<T*>(from.data), from.stride, box)));
    return stream.launch(
        {box.width, box.height},
        ReadSample<typename W::Type, W::step>{words, out, frame.format().sample_shift()},
        reads(words), writes(out));
  });
}

}  // namespace cleanplate
