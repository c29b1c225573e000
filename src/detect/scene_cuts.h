/// @file
/// Where the scene changes at once.
#pragma once
#include <cleanplate/frame.h>

#include <vector>

#include "frame/field.h"

namespace cleanplate {

/// Threads: one object, one thread at a time.
class SceneCuts {
 public:
  void add(const Frame& frame);
  /// Per frame: the scene is another one than in the frame before.
  [[nodiscard]] std::vector<bool> cuts() const;

 private:
  Field before_;
  std::vector<float> change_;  // mean difference to the frame before, levels
};

}  // namespace cleanplate
