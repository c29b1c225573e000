/// @file
/// What a pixel functor is written with; C++17, for the host's compiler and for nvcc.
/// No standard-library function may be called from a functor: its inline copy, compiled for AVX2,
/// could be the one that the linker keeps for the whole program.
#pragma once
#include <math.h>

#include <cstddef>
#include <cstdint>
#include <type_traits>

// Always inlined, even in a debug build, so that no copy of it is left to the linker to choose.
#if defined(__CUDACC__)
#define CLEANPLATE_HD __host__ __device__ __forceinline__
#elif defined(_MSC_VER)
#define CLEANPLATE_HD __forceinline
#else
#define CLEANPLATE_HD __attribute__((always_inline)) inline
#endif

namespace cleanplate {

/// An address in a device's memory. Host code can move it, compare it and hand it on, not follow
/// it: on the host's own device too, so that nobody comes to rely on being able to.
template <class T>
class DevicePtr {
 public:
  DevicePtr() = default;
  explicit DevicePtr(T* address) : address_(address) {}
  /// To read-only, as with a plain pointer.
  template <class U, class = std::enable_if_t<std::is_same<const U, T>::value>>
  DevicePtr(const DevicePtr<U>& other) : address_(other.address()) {}  // NOLINT: implicit

  /// For a device's launch and copy, and nobody else.
  CLEANPLATE_HD T* address() const { return address_; }
  explicit operator bool() const { return address_ != nullptr; }

 private:
  T* address_ = nullptr;
};

/// Rows of T in a device's memory, as host code passes them about. `Step`: T's from column to
/// column, 2 in interleaved chroma.
template <class T, int Step = 1>
struct DeviceView {
  DevicePtr<T> first;
  std::ptrdiff_t stride = 0;  ///< bytes from row to row
  int width = 0, height = 0;  ///< samples

  DeviceView() = default;
  DeviceView(DevicePtr<T> at, std::ptrdiff_t row_bytes, int columns, int rows)
      : first(at), stride(row_bytes), width(columns), height(rows) {}
  template <class U, class = std::enable_if_t<std::is_same<const U, T>::value>>
  DeviceView(const DeviceView<U, Step>& o)  // NOLINT: implicit
      : first(o.first), stride(o.stride), width(o.width), height(o.height) {}
};

/// The same inside a functor, where samples can be reached. No bounds are checked.
template <class T, int Step = 1>
class View {
 public:
  using Byte = std::conditional_t<std::is_const<T>::value, const unsigned char, unsigned char>;

  View() = default;
  /// A functor is filled with DeviceViews; only the device's loop then calls it.
  template <class U,
            class = std::enable_if_t<std::is_convertible<DevicePtr<U>, DevicePtr<T>>::value>>
  View(const DeviceView<U, Step>& v)  // NOLINT: implicit
      : first_(v.first.address()), stride_(v.stride) {}

  CLEANPLATE_HD T& operator()(int x, int y) const {
    Byte* row = reinterpret_cast<Byte*>(first_) + y * stride_;
    return reinterpret_cast<T*>(row)[static_cast<std::ptrdiff_t>(x) * Step];
  }

 private:
  T* first_ = nullptr;
  std::ptrdiff_t stride_ = 0;
};

template <class T>
CLEANPLATE_HD T clamp(T value, T least, T most) {
  return value < least ? least : most < value ? most : value;
}

/// Rounded as IEEE 754 asks, so the same everywhere.
CLEANPLATE_HD float square_root(float value) {
#if defined(__GNUC__) && !defined(__CUDA_ARCH__)
  return __builtin_sqrtf(value);
#else
  return sqrtf(value);
#endif
}

}  // namespace cleanplate
