/// @file
/// Between the table's plain tensors and libtorch's.
#pragma once
#include <torch/script.h>

#include <string>
#include <utility>
#include <vector>

#include "infer/table.h"

namespace cleanplate::infer {

c10::Device device_of(int32_t number);
/// Looks at the caller's memory; no copy.
at::Tensor view_of(const cleanplate_infer_tensor& plain);
/// All tensors in a network's answer: tuples, lists and dicts opened, other values refused.
/// Dense, of a type that the table knows; on the host if asked.
void gather(const c10::IValue& value, const std::string& name, bool to_host,
            std::vector<std::pair<std::string, at::Tensor>>& out);
/// False: too many dimensions.
bool describe(const at::Tensor& tensor, cleanplate_infer_tensor& plain);

}  // namespace cleanplate::infer
