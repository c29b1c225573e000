#include "detect/frame_order.h"

#include <fmt/format.h>

namespace cleanplate {

Result<void> comes_after(const Frame& frame, std::optional<std::int64_t> last) {
  if (last && frame.pts <= *last)
    return Error{Code::bad_order, "detect",
                 fmt::format("A frame has pts {}, after {}; push frames in presentation order.",
                             frame.pts, *last)};
  return {};
}

Result<void> is_of_size(const Frame& frame, Size size) {
  if (frame.size() == size) return {};
  return Error{Code::invalid_argument, "detect",
               "A frame is not of the size that the detector was made for."};
}

}  // namespace cleanplate
