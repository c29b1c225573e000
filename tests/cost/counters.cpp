#include "cost/counters.h"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/imgutils.h>
}

namespace {
constexpr std::size_t page = 4096;

struct Running {
  std::atomic<std::int64_t> allocations{0}, allocated{0}, large{0}, copied{0}, pictures{0};
};
constinit Running running;

void allocated(std::size_t bytes) {
  running.allocations.fetch_add(1, std::memory_order_relaxed);
  running.allocated.fetch_add(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
  if (bytes >= page) running.large.fetch_add(1, std::memory_order_relaxed);
}
void copied(std::size_t bytes) {
  running.copied.fetch_add(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
}
}  // namespace

namespace cost {
Counts counts() {
  return {running.allocations, running.allocated, running.large, running.copied, running.pictures};
}
}  // namespace cost

// The linker sends every call of NAME in this program's objects to __wrap_NAME.
extern "C" {
void* __real_malloc(std::size_t bytes);
void* __real_calloc(std::size_t count, std::size_t bytes);
void* __real_realloc(void* old, std::size_t bytes);
void* __real_aligned_alloc(std::size_t alignment, std::size_t bytes);
void* __real_memcpy(void* to, const void* from, std::size_t bytes);
void* __real_memmove(void* to, const void* from, std::size_t bytes);
int __real_av_frame_copy(AVFrame* to, const AVFrame* from);
int __real_av_frame_make_writable(AVFrame* frame);

void* __wrap_malloc(std::size_t bytes) { return allocated(bytes), __real_malloc(bytes); }
void* __wrap_calloc(std::size_t count, std::size_t bytes) {
  return allocated(count * bytes), __real_calloc(count, bytes);
}
void* __wrap_realloc(void* old, std::size_t bytes) {
  return allocated(bytes), __real_realloc(old, bytes);
}
void* __wrap_aligned_alloc(std::size_t alignment, std::size_t bytes) {
  return allocated(bytes), __real_aligned_alloc(alignment, bytes);
}
void* __wrap_memcpy(void* to, const void* from, std::size_t bytes) {
  return copied(bytes), __real_memcpy(to, from, bytes);
}
void* __wrap_memmove(void* to, const void* from, std::size_t bytes) {
  return copied(bytes), __real_memmove(to, from, bytes);
}
int __wrap_av_frame_copy(AVFrame* to, const AVFrame* from) {
  running.pictures.fetch_add(1, std::memory_order_relaxed);
  return __real_av_frame_copy(to, from);
}
int __wrap_av_frame_make_writable(AVFrame* frame) {
  if (!av_frame_is_writable(frame)) running.pictures.fetch_add(1, std::memory_order_relaxed);
  return __real_av_frame_make_writable(frame);
}
}

// The array and nothrow forms of the library come here.
void* operator new(std::size_t bytes) {
  allocated(bytes);
  if (void* made = __real_malloc(bytes ? bytes : 1)) return made;
  throw std::bad_alloc();
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  const auto step = static_cast<std::size_t>(alignment);
  allocated(bytes);
  if (void* made = __real_aligned_alloc(step, (bytes + step - 1) / step * step)) return made;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
