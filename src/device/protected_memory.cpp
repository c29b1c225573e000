#include "device/protected_memory.h"

#include <new>

#if defined(__unix__) || defined(__APPLE__)
#include <sys/mman.h>
#include <unistd.h>

namespace cleanplate {

ProtectedMemory::ProtectedMemory(std::size_t bytes) : bytes_(bytes) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t aligned = (bytes + 63) / 64 * 64;
  pages_ = (aligned + page - 1) / page * page;
  void* at = mmap(nullptr, pages_ + page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) throw std::bad_alloc();
  pages_at_ = at;
  address_ = static_cast<unsigned char*>(at) + (pages_ - aligned);
}

ProtectedMemory::~ProtectedMemory() {
  munmap(pages_at_, pages_ + static_cast<std::size_t>(sysconf(_SC_PAGESIZE)));
}

void ProtectedMemory::set(Door door) {
  const int how = door == Door::closed ? PROT_NONE
                  : door == Door::read ? PROT_READ
                                       : PROT_READ | PROT_WRITE;
  if (pages_) mprotect(pages_at_, pages_, how);
}

void ProtectedMemory::retire() {
  if (pages_) madvise(pages_at_, pages_, MADV_DONTNEED);
  set(Door::closed);
}

}  // namespace cleanplate

#else

namespace cleanplate {

ProtectedMemory::ProtectedMemory(std::size_t bytes)
    : bytes_(bytes), pages_at_(::operator new (bytes + 1, std::align_val_t{64})) {
  address_ = pages_at_;
}
ProtectedMemory::~ProtectedMemory() { ::operator delete (pages_at_, std::align_val_t{64}); }
void ProtectedMemory::set(Door /*door*/) {}
void ProtectedMemory::retire() {}

}  // namespace cleanplate

#endif
