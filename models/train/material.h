/// @file
/// What prepare.sh has laid out, in memory.
#pragma once
#include <cleanplate/result.h>

#include <memory>
#include <string>
#include <vector>

#include "frame/picture.h"
#include "typeface.h"

namespace cleanplate::train {

struct Material {
  std::vector<Picture> photographs, frames, means;  ///< RGB
  std::vector<Picture> logos, art;                  ///< RGBA, marks
  std::vector<Picture> objects;                     ///< RGBA, what may stand in a scene
  std::vector<std::unique_ptr<Typeface>> fonts, symbols;
};

/// @param folder  OUT/train or OUT/held. @return `not_found`, `unreadable`.
Result<Material> read_material(const std::string& folder);

}  // namespace cleanplate::train
