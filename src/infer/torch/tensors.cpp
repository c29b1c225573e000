#include "infer/torch/tensors.h"

#include <algorithm>
#include <stdexcept>

namespace cleanplate::infer {

namespace {
constexpr at::ScalarType types[] = {at::kByte,  at::kInt,    at::kLong, at::kHalf,
                                    at::kFloat, at::kDouble, at::kBool};

bool known(at::ScalarType type) {
  return std::find(std::begin(types), std::end(types), type) != std::end(types);
}
}  // namespace

c10::Device device_of(int32_t number) {
  return number < 0 ? c10::Device(c10::kCPU)
                    : c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(number));
}

at::Tensor view_of(const cleanplate_infer_tensor& plain) {
  const auto rank = static_cast<std::size_t>(plain.rank);
  return at::from_blob(
      plain.data, at::IntArrayRef(plain.shape, rank), at::IntArrayRef(plain.strides, rank),
      at::TensorOptions().dtype(types[plain.type]).device(device_of(plain.device)));
}

void gather(const c10::IValue& value, const std::string& name, bool to_host,
            std::vector<std::pair<std::string, at::Tensor>>& out) {
  const auto inner = [&](const std::string& part) {
    return name.empty() ? part : name + "." + part;
  };
  if (value.isTensor()) {
    at::Tensor tensor = value.toTensor().detach();
    if (!known(tensor.scalar_type())) tensor = tensor.to(at::kFloat);  // bfloat16 and the like
    if (to_host) tensor = tensor.cpu();
    out.emplace_back(name, tensor.contiguous());
  } else if (value.isTuple()) {
    int index = 0;
    for (const auto& part : value.toTupleRef().elements())
      gather(part, inner(std::to_string(index++)), to_host, out);
  } else if (value.isTensorList() || value.isList()) {
    int index = 0;
    for (const c10::IValue& part : value.toList().vec())
      gather(part, inner(std::to_string(index++)), to_host, out);
  } else if (value.isGenericDict()) {
    for (const auto& part : value.toGenericDict())
      gather(part.value(),
             inner(part.key().isString() ? part.key().toStringRef() : std::to_string(out.size())),
             to_host, out);
  } else if (!value.isNone()) {
    throw std::runtime_error("it gives a " + value.tagKind() +
                             " where tensors, or tuples, lists or dicts of them, can be used");
  }
}

bool describe(const at::Tensor& tensor, cleanplate_infer_tensor& plain) {
  if (tensor.dim() > CLEANPLATE_INFER_MAX_RANK) return false;
  plain.data = tensor.numel() ? tensor.data_ptr() : nullptr;
  plain.type = static_cast<int32_t>(
      std::find(std::begin(types), std::end(types), tensor.scalar_type()) - std::begin(types));
  plain.device = tensor.is_cuda() ? tensor.device().index() : int32_t{CLEANPLATE_INFER_HOST};
  plain.rank = static_cast<int32_t>(tensor.dim());
  std::copy(tensor.sizes().begin(), tensor.sizes().end(), plain.shape);
  std::copy(tensor.strides().begin(), tensor.strides().end(), plain.strides);
  return true;
}

}  // namespace cleanplate::infer
