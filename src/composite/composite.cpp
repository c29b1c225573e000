#include "composite/composite.h"

#include "composite/composite_pixel.h"
#include "core/try.h"

namespace cleanplate {

Result<void> Composite::write(Stream& stream, Frame& frame, int component, const Box& box,
                              const DeviceView<const std::uint16_t>& restored,
                              const DeviceView<const std::uint8_t>& mask) {
  CP_CHECK(check_box(frame, component, box));
  if (restored.width != box.width || restored.height != box.height || mask.width != box.width ||
      mask.height != box.height)
    return Error{Code::invalid_argument, "composite",
                 "The restored samples or the mask are not of the box's size."};
  const ComponentView to = frame.component(component);
  CP_TRY(const auto origin, words_.writable_origin(frame, component));
  if (!origin.first)
    return Error{Code::invalid_argument, "composite",
                 "The frame is read-only: it is wrapped or has another owner; write into its "
                 "writable_copy()."};
  return with_words(frame.format(), to.step, [&](auto kind) -> Result<void> {
    using W = decltype(kind);
    using T = typename W::Type;
    CP_TRY(const auto words, (words_.bring<T, W::step>(stream, origin, to.stride, box)));
    CP_CHECK(stream.launch(
        {box.width, box.height},
        CompositePixel<T, W::step>{restored, mask, words, frame.format().sample_shift()},
        reads(restored, mask, words), writes(words)));
    return words_.take_back(stream, origin, to.stride, box, words);
  });
}

}  // namespace cleanplate
