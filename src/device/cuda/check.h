/// @file
/// CUDA's failures as sentences.
#pragma once
#include <cleanplate/result.h>
#include <cuda_runtime_api.h>

#include <string>

namespace cleanplate {

/// @param tried  "to copy to the card". @param then  what follows from it for the caller.
/// Clears the error where CUDA lets it be cleared.
[[nodiscard]] inline Error cuda_error(
    cudaError_t code, const std::string& tried,
    const std::string& then = "what is left is done on the host") {
  static_cast<void>(cudaGetLastError());
  return Error{
      code == cudaErrorMemoryAllocation ? Code::out_of_memory : Code::device, "device",
      "The CUDA card failed " + tried + ": " + cudaGetErrorString(code) + "; " + then + ".", -1,
      static_cast<std::int32_t>(code)};
}

}  // namespace cleanplate

/// CP_CUDA(call, "to …"): this function gives the call's failure, if there is one.
#define CP_CUDA(call, tried) \
  if (const cudaError_t cp_code = (call); cp_code != cudaSuccess) return cuda_error(cp_code, tried)
