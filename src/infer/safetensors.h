/// @file
/// Weights as safetensors files hold them: a small JSON header, then plain numbers.
#pragma once
#include <cleanplate/result.h>

#include <cstdint>
#include <string>
#include <vector>

namespace cleanplate {

struct NamedTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values;  ///< row-major
};

/// Strict: 32-bit floats only; the tensors fill the file without gap or overlap.
/// @return by place in the file. `not_found`; `unreadable`: damaged, and how, or above 1 GiB.
[[nodiscard]] Result<std::vector<NamedTensor>> read_safetensors(const std::string& path);
/// The same over bytes. @param name  for messages.
[[nodiscard]] Result<std::vector<NamedTensor>> parse_safetensors(const std::string& bytes,
                                                                 const std::string& name);
/// @return `unwritable`.
[[nodiscard]] Result<void> write_safetensors(const std::string& path,
                                             const std::vector<NamedTensor>& tensors);

}  // namespace cleanplate
