/// @file
/// Pages that are closed to everybody until they are opened; for the strict mode.
#pragma once
#include <cstddef>
#include <cstdint>

namespace cleanplate {

enum class Door : std::int32_t { closed = 0, read = 1, write = 2 };

/// Whole pages at an address that nothing else ever had, a closed page after them; the last byte
/// lies up to 63 bytes before that page. On systems without page protection it is plain memory.
/// Threads: different objects are independent.
class ProtectedMemory {
 public:
  /// Throws std::bad_alloc.
  explicit ProtectedMemory(std::size_t bytes);
  ProtectedMemory(const ProtectedMemory&) = delete;
  ProtectedMemory& operator=(const ProtectedMemory&) = delete;
  ~ProtectedMemory();

  /// 64-byte aligned.
  [[nodiscard]] void* address() const { return address_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  void set(Door door);
  /// Closes for good and gives the memory back, though not the addresses.
  void retire();

 private:
  std::size_t bytes_, pages_ = 0;
  void *pages_at_ = nullptr, *address_ = nullptr;
};

}  // namespace cleanplate
