/// @file
/// What every detector asks of the frames that are pushed.
#pragma once
#include <cleanplate/frame.h>

#include <cstdint>
#include <optional>

namespace cleanplate {

/// @param last  pts of the frame before. @return `bad_order` where the frame is not after it.
[[nodiscard]] Result<void> comes_after(const Frame& frame, std::optional<std::int64_t> last);
/// @return `invalid_argument` where the frame is of another size.
[[nodiscard]] Result<void> is_of_size(const Frame& frame, Size size);

}  // namespace cleanplate
