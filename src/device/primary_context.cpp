// Three calls of libcuda, found at run time: CUDA's runtime has no name for its own context.
#include <dlfcn.h>

#include "core/try.h"
#include "device/cuda_facts.h"

namespace cleanplate {

namespace {
template <class Function>
Function* named(void* library, const char* name) {
  return reinterpret_cast<Function*>(dlsym(library, name));
}
}  // namespace

Result<void*> primary_context(int card) {
  return guarded("device", [&]() -> Result<void*> {
    const auto failed = [&](const std::string& what, int error) {
      return Error{
          Code::device, "device",
          "The primary context of cuda:" + std::to_string(card) + " cannot be had: " + what + ".",
          -1, error};
    };
    void* library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);  // stays: the context does too
    if (!library) return failed("there is no libcuda.so.1", 0);
    auto* init = named<int(unsigned)>(library, "cuInit");
    auto* get = named<int(int*, int)>(library, "cuDeviceGet");
    auto* retain = named<int(void**, int)>(library, "cuDevicePrimaryCtxRetain");
    if (!init || !get || !retain) return failed("libcuda.so.1 is not NVIDIA's", 0);
    int device = 0;
    void* context = nullptr;
    int error = init(0);
    if (!error) error = get(&device, card);
    if (!error) error = retain(&context, device);
    if (error) return failed("CUDA error " + std::to_string(error), error);
    return context;
  });
}

}  // namespace cleanplate
