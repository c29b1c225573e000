#include "frame/plane_memory.h"

#include <cstdlib>
#include <new>
#include <utility>
#if defined(__unix__) || defined(__APPLE__)
#include <sys/mman.h>
#define CLEANPLATE_MAPS_MEMORY
#endif

namespace cleanplate {

void GiveBack::operator()(std::byte* memory) const {
  if (to) {
    to->keep({memory, GiveBack{mapped, {}}});
    return;
  }
#ifdef CLEANPLATE_MAPS_MEMORY
  if (mapped > 0) {
    munmap(memory, mapped);
    return;
  }
#endif
  std::free(memory);
}

namespace {
SampleMemory heap_memory(std::size_t bytes) {
  constexpr std::size_t alignment = 64;
  const std::size_t whole = (bytes + alignment - 1) / alignment * alignment;
  return {static_cast<std::byte*>(std::aligned_alloc(alignment, whole)), GiveBack{}};
}
}  // namespace

SampleMemory mapped_memory(std::size_t bytes) {
#ifdef CLEANPLATE_MAPS_MEMORY
  void* const memory =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return {};
  return {static_cast<std::byte*>(memory), GiveBack{bytes, {}}};
#else
  return heap_memory(bytes);
#endif
}

SampleMemory sample_memory(std::size_t bytes) {
  constexpr std::size_t large = std::size_t{1} << 20;  // smaller ones are not worth the page faults
  return bytes >= large ? mapped_memory(bytes) : heap_memory(bytes);
}

SampleMemory SpareMemory::take(const std::shared_ptr<SpareMemory>& from, std::size_t bytes) {
  const auto lent = [&](SampleMemory memory) -> SampleMemory {
    if (memory) memory.get_deleter().to = from;
    return memory;
  };
  const std::lock_guard held(from->lock_);
  if (from->bytes_ != bytes) from->spare_.clear();
  from->bytes_ = bytes;
  if (from->spare_.empty()) return lent(sample_memory(bytes));
  SampleMemory again = std::move(from->spare_.back());
  from->spare_.pop_back();
  return lent(std::move(again));
}

void SpareMemory::keep(SampleMemory memory) {
  const std::lock_guard held(lock_);
  try {
    spare_.push_back(std::move(memory));
  } catch (const std::bad_alloc&) {
    // There is no room to note it: it goes.
  }
}

}  // namespace cleanplate
