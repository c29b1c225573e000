// What FFmpeg's hwcontext_cuda.c calls of libcuda; "device" memory is the host's. The other names
// that it looks up are made by CMakeLists.txt.
#include <ffnvcodec/dynlink_cuda.h>

#include <cstdint>
#include <cstring>

extern "C" {

/// Pictures' planes that were copied to the host.
int* fake_cuda_brought_down() {
  static int planes = 0;
  return &planes;
}

CUresult cuInit(unsigned) { return CUDA_SUCCESS; }
CUresult cuDeviceGet(CUdevice* out, int number) {
  *out = number;
  return CUDA_SUCCESS;
}
CUresult cuDeviceGetAttribute(int* out, CUdevice_attribute, CUdevice) {
  *out = 256;  // the only one that is asked for: an alignment
  return CUDA_SUCCESS;
}
CUresult cuDeviceGetCount(int* out) {
  *out = 1;
  return CUDA_SUCCESS;
}
CUresult cuDeviceGetName(char* out, int bytes, CUdevice) {
  std::strncpy(out, "made-up card", static_cast<std::size_t>(bytes));
  return CUDA_SUCCESS;
}
CUresult cuDeviceComputeCapability(int* major, int* minor, CUdevice) {
  *major = 9, *minor = 0;
  return CUDA_SUCCESS;
}
CUresult cuCtxCreate_v2(CUcontext* out, unsigned, CUdevice) {
  static int context;
  *out = reinterpret_cast<CUcontext>(&context);
  return CUDA_SUCCESS;
}
CUresult cuDevicePrimaryCtxRetain(CUcontext* out, CUdevice) {
  static int context;
  *out = reinterpret_cast<CUcontext>(&context);
  return CUDA_SUCCESS;
}
CUresult cuCtxPopCurrent_v2(CUcontext* out) {
  if (out) *out = nullptr;
  return CUDA_SUCCESS;
}
CUresult cuGetErrorName(CUresult, const char** out) {
  *out = "CUDA_ERROR_MADE_UP";
  return CUDA_SUCCESS;
}
CUresult cuGetErrorString(CUresult, const char** out) {
  *out = "made up by a test";
  return CUDA_SUCCESS;
}
CUresult cuMemcpy2D_v2(const CUDA_MEMCPY2D* c) {
  const auto* from = c->srcMemoryType == CU_MEMORYTYPE_HOST
                         ? static_cast<const std::uint8_t*>(c->srcHost)
                         : reinterpret_cast<const std::uint8_t*>(c->srcDevice);
  auto* to = c->dstMemoryType == CU_MEMORYTYPE_HOST ? static_cast<std::uint8_t*>(c->dstHost)
                                                    : reinterpret_cast<std::uint8_t*>(c->dstDevice);
  *fake_cuda_brought_down() += c->dstMemoryType == CU_MEMORYTYPE_HOST;
  for (std::size_t y = 0; y < c->Height; ++y)
    std::memcpy(to + (c->dstY + y) * c->dstPitch + c->dstXInBytes,
                from + (c->srcY + y) * c->srcPitch + c->srcXInBytes, c->WidthInBytes);
  return CUDA_SUCCESS;
}
CUresult cuMemcpy2DAsync_v2(const CUDA_MEMCPY2D* c, CUstream) { return cuMemcpy2D_v2(c); }

}  // extern "C"
