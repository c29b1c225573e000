/// @file
/// Where a master lies.
#pragma once
#include <cleanplate/logo.h>

namespace cleanplate {

/// The whole luma samples that a master touches at a place; may reach out of the picture.
[[nodiscard]] Box footprint(const Logo& logo, const LogoPlace& place);

}  // namespace cleanplate
