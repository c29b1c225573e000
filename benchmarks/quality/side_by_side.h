/// @file
/// Crops as one picture, enlarged, for the eye.
#pragma once
#include <string>
#include <vector>

#include "case.h"

namespace quality {

/// Crops from left to right in the order they were added, three times their size.
class Strip {
 public:
  explicit Strip(const Case& made) : made_(made) {}
  void add(const Crop& crop);
  void write(const std::string& path) const;

 private:
  const Case& made_;
  std::vector<Crop> crops_;
};

}  // namespace quality
