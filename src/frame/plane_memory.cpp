#include "frame/plane_memory.h"

#include <cstdlib>
#if defined(__unix__) || defined(__APPLE__)
#include <sys/mman.h>
#define CLEANPLATE_MAPS_MEMORY
#endif

namespace cleanplate {

void GiveBack::operator()(std::byte* memory) const {
#ifdef CLEANPLATE_MAPS_MEMORY
  if (mapped > 0) {
    munmap(memory, mapped);
    return;
  }
#endif
  std::free(memory);
}

SampleMemory sample_memory(std::size_t bytes) {
#ifdef CLEANPLATE_MAPS_MEMORY
  constexpr std::size_t large = std::size_t{8} << 20;  // smaller ones are not worth the page faults
  if (bytes >= large) {
    void* const memory =
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return {};
    return {static_cast<std::byte*>(memory), GiveBack{bytes}};
  }
#endif
  constexpr std::size_t alignment = 64;
  const std::size_t whole = (bytes + alignment - 1) / alignment * alignment;
  return {static_cast<std::byte*>(std::aligned_alloc(alignment, whole)), GiveBack{}};
}

}  // namespace cleanplate
