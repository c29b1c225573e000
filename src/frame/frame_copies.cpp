#include "frame/frame_copies.h"

#include "core/try.h"
#include "frame/samples.h"

namespace cleanplate {

Result<Frame> FrameCopies::copy(const Frame& frame) const {
  if (!frame || frame.on_device()) return frame.writable_copy();
  return guarded("frame", [&]() -> Result<Frame> {
    Frame made;
    made.samples_ = Frame::Samples::make(frame.format(), frame.size(), [this](std::size_t bytes) {
      return SpareMemory::take(spare_, bytes);
    });
    copy_rows(frame, made);
    return with_properties_of(frame, std::move(made));
  });
}

}  // namespace cleanplate
