// Stands for src/device/cuda in a build without it.
#include "device/cuda_facts.h"
#include "device/range.h"

namespace cleanplate {

CudaFacts cuda_facts() { return {}; }

Result<std::shared_ptr<DeviceCore>> open_cuda(const Options& /*options*/, int card) {
  return Error{Code::device, "device", why_no_card(cuda_facts(), card)};
}

void begin_range(const char* /*name*/) {}
void end_range() {}

}  // namespace cleanplate
