#include "device/range.h"

#include <nvtx3/nvToolsExt.h>

namespace cleanplate {

void begin_range(const char* name) { nvtxRangePushA(name); }
void end_range() { nvtxRangePop(); }

}  // namespace cleanplate
