/// @file
/// What every kind of device can do: memory, streams, events, copies, launches.
#pragma once
#include <cleanplate/device.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "device/access.h"
#include "device/kernel.h"

namespace cleanplate {

struct MemoryInfo {
  std::size_t total = 0, free = 0;  ///< bytes that allocations may have, and still may
  std::size_t card = 0;             ///< bytes of the whole card, all programs' together
};

/// What memory is for.
enum class Memory : std::int32_t {
  work = 0,   ///< of the device's own pool
  known = 1,  ///< other software knows it by its address: NVENC takes no memory of CUDA's pools
};

/// A queued kernel; what it points to is copied by the device where it outlives the call.
struct Launch {
  using Rows = Simd (*)(Simd build, const void* kernel, int width, int begin, int end);
  using Grid = int (*)(const void* kernel, Extent extent, void* stream);
  const char* name;
  Extent extent;
  const void* kernel;
  std::size_t kernel_bytes;
  Rows rows;  ///< calls the build's loop
  Grid grid;  ///< queues it on a cudaStream_t; gives a cudaError_t
  std::span<const Access> touches;
};

/// Rows of bytes between two places.
struct Copy {
  enum class Way : std::int32_t { upload, download, within };
  Way way;
  void* to;
  const void* from;
  std::ptrdiff_t to_stride, from_stride;  ///< bytes from row to row
  std::size_t row_bytes;
  int rows;
};

/// Another library's work: it is given the cudaStream_t that it has to queue it on, or null where
/// there is none and it has to do it. What it holds outlives the call; it calls no device itself.
using Work = std::function<Result<void>(void* stream)>;

/// Another program's CUDA work, as CUDA names it: where its copies are queued, and what they come
/// after (brought in), or what is recorded after them (handed out; may be null).
struct Outside {
  int card;
  void* stream;
  void* event;
};

/// A point in a stream's work. Empty where the device runs everything at once.
struct Event {
  std::shared_ptr<void> native;
};

/// What a kind of device makes of a stream.
class StreamCore {
 public:
  StreamCore() = default;
  StreamCore(const StreamCore&) = delete;
  StreamCore& operator=(const StreamCore&) = delete;
  virtual ~StreamCore() = default;
  virtual Result<void> launch(const Launch& launch) = 0;
  virtual Result<void> copy(const Copy& copy) = 0;
  virtual Result<void> call(const char* name, Work work, std::span<const Access> touches) = 0;
  virtual Result<Event> record() = 0;
  virtual Result<void> wait_for(const Event& event) = 0;
  virtual Result<void> wait() = 0;
  /// Its cudaStream_t; null where there is none.
  [[nodiscard]] virtual void* native() const { return nullptr; }
};

/// Work that is done in the order in which it is queued; work of two streams is ordered only by
/// events, and against the host only by `wait`. A handle: copies share the stream.
/// Threads: one stream, one thread at a time.
/// @return of all: `device`; `out_of_memory`; a failed call has queued nothing.
class Stream {
 public:
  Stream() = default;
  explicit Stream(std::shared_ptr<StreamCore> core) : core_(std::move(core)) {}

  /// Runs kernel(x, y) for every x < width, y < height, in any order, several at once.
  /// @param touches  reads(…), writes(…): every view that the kernel holds.
  template <class Kernel, std::size_t... Counts>
  Result<void> launch(Extent extent, const Kernel& kernel,
                      const std::array<Access, Counts>&... touches);

  /// Another library's work in its turn. What it uses must live until the stream has got there.
  /// @param touches  as launch's; of the host's memory too.
  /// @return the work's own failure, here or by the next `wait`.
  template <std::size_t... Counts>
  Result<void> call(const char* name, Work&& work, const std::array<Access, Counts>&... touches) {
    return core_->call(name, std::move(work), joined(touches...));
  }

  /// Host to device. The host memory stays untouched until the stream has got there.
  /// @param from_stride  bytes from row to row.
  template <class T, int Step>
  Result<void> upload(const DeviceView<T, Step>& to, const T* from, std::ptrdiff_t from_stride) {
    return core_->copy({Copy::Way::upload, to.first.address(), from, to.stride, from_stride,
                        row_bytes(to), to.height});
  }
  /// Device to host; the host may read after `wait`.
  template <class T, int Step>
  Result<void> download(std::remove_const_t<T>* to, std::ptrdiff_t to_stride,
                        const DeviceView<T, Step>& from) {
    return core_->copy({Copy::Way::download, to, from.first.address(), to_stride, from.stride,
                        row_bytes(from), from.height});
  }
  /// Within the device; equal sizes.
  template <class T, class U, int Step>
  Result<void> copy(const DeviceView<T, Step>& to, const DeviceView<U, Step>& from) {
    static_assert(std::is_same_v<const T, const U>);
    return core_->copy({Copy::Way::within, to.first.address(), from.first.address(), to.stride,
                        from.stride, row_bytes(to), to.height});
  }

  /// Marks this point; another stream's `wait_for` holds its later work back until it is reached.
  Result<Event> record() { return core_->record(); }
  Result<void> wait_for(const Event& event) { return core_->wait_for(event); }
  /// Blocks the calling thread until all that is queued here is done. @return the first failure;
  /// nothing that was queued reads or writes the host's memory any more then either.
  Result<void> wait() { return core_->wait(); }

  explicit operator bool() const { return core_ != nullptr; }
  /// For a device that stands before another one.
  [[nodiscard]] StreamCore& core() const { return *core_; }
  /// What other CUDA code calls it, StreamCore::native.
  [[nodiscard]] void* native() const { return core_->native(); }

 private:
  template <std::size_t... Counts>
  static std::array<Access, (Counts + ... + 0)> joined(const std::array<Access, Counts>&... some) {
    std::array<Access, (Counts + ... + 0)> all{};
    std::size_t at = 0;
    [[maybe_unused]] const auto append = [&](const auto& part) {
      for (const Access& a : part) all[at++] = a;
    };
    (append(some), ...);
    return all;
  }
  template <class T, int Step>
  static std::size_t row_bytes(const DeviceView<T, Step>& v) {
    return v.width < 1 ? 0 : (static_cast<std::size_t>(v.width - 1) * Step + 1) * sizeof(T);
  }
  std::shared_ptr<StreamCore> core_;
};

/// Memory of a device, given back when this goes. By then the work that uses it must be done.
class Buffer {
 public:
  Buffer() = default;
  Buffer(Buffer&& o) noexcept { swap(o); }
  Buffer& operator=(Buffer&& o) noexcept {
    Buffer(std::move(o)).swap(*this);
    return *this;
  }
  ~Buffer();

  explicit operator bool() const { return address_ != nullptr; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  /// Packed rows from `offset` bytes on; they must lie inside (checked: an empty view if not).
  template <class T>
  [[nodiscard]] DeviceView<T> view(int width, int height, std::size_t offset = 0) const {
    const std::size_t row = static_cast<std::size_t>(width) * sizeof(T);
    if (offset + row * static_cast<std::size_t>(height) > bytes_) return {};
    return {DevicePtr<T>(reinterpret_cast<T*>(static_cast<unsigned char*>(address_) + offset)),
            static_cast<std::ptrdiff_t>(row), width, height};
  }

 private:
  friend class DeviceCore;
  Buffer(std::shared_ptr<DeviceCore> core, void* address, std::size_t bytes, Memory kind)
      : core_(std::move(core)), address_(address), bytes_(bytes), kind_(kind) {}
  void swap(Buffer& o) noexcept {
    std::swap(core_, o.core_);
    std::swap(address_, o.address_);
    std::swap(bytes_, o.bytes_);
    std::swap(kind_, o.kind_);
  }
  std::shared_ptr<DeviceCore> core_;
  void* address_ = nullptr;
  std::size_t bytes_ = 0;
  Memory kind_ = Memory::work;
};

/// Threads: any, unless a kind of device says otherwise.
class DeviceCore : public std::enable_shared_from_this<DeviceCore> {
 public:
  DeviceCore() = default;
  DeviceCore(const DeviceCore&) = delete;
  DeviceCore& operator=(const DeviceCore&) = delete;
  virtual ~DeviceCore() = default;

  [[nodiscard]] virtual std::string name() const = 0;
  [[nodiscard]] virtual MemoryInfo memory() const = 0;
  /// At least 64-byte aligned; contents undefined. @return `out_of_memory`: says how much was
  /// asked for and how much there is.
  [[nodiscard]] Result<Buffer> allocate(std::size_t bytes, Memory kind = Memory::work);
  [[nodiscard]] virtual Result<Stream> stream() = 0;
  /// CUDA's number of the card that it is; none for a device of another kind.
  [[nodiscard]] virtual std::optional<int> card() const { return {}; }

  /// Whether kernels may work on host memory in place. If not, it has to be uploaded.
  [[nodiscard]] virtual bool reaches_host_memory() const = 0;
  /// Says that the calling thread now reads or writes host memory that streams also touch (what
  /// was downloaded, a frame in place). Costs nothing but in the strict mode, which checks it.
  virtual void host_touches(const void* /*first*/, std::size_t /*bytes*/, Touch /*touch*/) {}

  /// Downloads from another program's memory on this card, or copies within it to ours (all of one
  /// way). @return when it is done; after a failure nothing of it is under way. `device`: no CUDA
  /// device, or the card failed; `invalid_argument`: another card.
  [[nodiscard]] virtual Result<void> bring_in(const Outside& work, std::span<const Copy> planes);
  /// Uploads there, or copies there from our memory. @return when our memory has been read,
  /// whatever of it is still queued; else as above.
  [[nodiscard]] virtual Result<void> hand_out(const Outside& work, std::span<const Copy> planes);

 protected:
  friend class Buffer;
  virtual Result<void*> take(std::size_t bytes, Memory kind) = 0;
  virtual void give_back(void* address, std::size_t bytes, Memory kind) noexcept = 0;
};

/// A view over host memory for a device that reaches it.
template <class T, int Step = 1>
[[nodiscard]] DeviceView<T, Step> in_place(T* first, std::ptrdiff_t stride, int width, int height) {
  return {DevicePtr<T>(first), stride, width, height};
}

template <class Kernel, std::size_t... Counts>
Result<void> Stream::launch(Extent extent, const Kernel& kernel,
                            const std::array<Access, Counts>&... touches) {
  static_assert(std::is_trivially_copyable_v<Kernel>, "A kernel holds views and numbers only.");
  const auto all = joined(touches...);
  const Launch::Rows rows = [](Simd build, const void* k, int width, int begin, int end) {
    const Kernel& typed = *static_cast<const Kernel*>(k);
#if CLEANPLATE_HAS_AVX2
    if (build == Simd::avx2) return run_rows(Avx2Build{}, typed, width, begin, end);
#endif
    static_cast<void>(build);
    return run_rows(BaselineBuild{}, typed, width, begin, end);
  };
  const Launch::Grid grid = [](const void* k, Extent size, void* stream) {
    return run_grid(*static_cast<const Kernel*>(k), size, stream);
  };
  return core_->launch({kernel_name(&kernel), extent, &kernel, sizeof(Kernel), rows, grid, all});
}

}  // namespace cleanplate
