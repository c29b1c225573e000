/// @file
/// The devices that every kernel is run on, and memory with guards for it to run in.
#pragma once
#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "core/random.h"
#include "device/host_device.h"
#include "device/strict_device.h"

namespace cleanplate {

#if defined(CLEANPLATE_ONLY_CUDA)
/// The first card; tests/gpu is skipped where there is none, tests/cuda_fake makes one.
inline std::vector<Device> every_device() {
  Options options;
  options.device = "cuda";
  auto card = Device::open(options);
  if (!card) FAIL(card.error().message);
  return {*card};
}
#else
/// Baseline and AVX2 (where the processor has it), alone and on three threads, and the strict mode
/// that needs uploads and the one that works in place.
inline std::vector<Device> every_device() {
  std::vector<Device> devices;
  for (const Simd build : {Simd::baseline, Simd::avx2}) {
    if (!runs_here(build)) continue;
    for (const int threads : {1, 3})
      devices.emplace_back(std::make_shared<HostDevice>(build, threads, std::size_t{1} << 30));
    for (const bool in_place : {false, true}) {
      StrictOptions options;
      options.seed = in_place ? 7 : 8;
      options.in_place = in_place;
      options.build = build;
      devices.emplace_back(std::make_shared<StrictDevice>(options));
    }
  }
  return devices;
}
#endif

/// The calling thread alone, without AVX2.
inline Device plain_device() {
  return Device(std::make_shared<HostDevice>(Simd::baseline, 1, std::size_t{1} << 30));
}

/// Empty unless the device is strict and something was done wrong on it.
inline std::vector<std::string> violations(const Device& device) {
  const auto* strict = dynamic_cast<const StrictDevice*>(&device.core());
  return strict ? strict->violations() : std::vector<std::string>{};
}

/// Takes the value out of a Result, or fails the test with the error's sentence.
template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().message);
  return *std::move(result);
}
inline void must(const Result<void>& result) {
  if (!result) FAIL(result.error().message);
}

/// Rows in host memory with a margin all round, which no kernel may change. Comparing two of them
/// compares the margins too.
template <class T>
struct Guarded {
  static constexpr int margin = 9;
  int width, height;
  std::vector<T> all;

  Guarded(int w, int h)
      : width(w),
        height(h),
        all(static_cast<std::size_t>(w + 2 * margin) * static_cast<std::size_t>(h + 2 * margin)) {}
  /// Every element from `value`, the margins included.
  template <class Value>
  Guarded(int w, int h, Value&& value) : Guarded(w, h) {
    for (T& each : all) each = static_cast<T>(value());
  }
  [[nodiscard]] int row() const { return width + 2 * margin; }
  [[nodiscard]] std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y + margin) * static_cast<std::size_t>(row()) +
           static_cast<std::size_t>(x + margin);
  }
  T& operator()(int x, int y) { return all[index(x, y)]; }
  const T& operator()(int x, int y) const { return all[index(x, y)]; }
};

/// A Guarded's copy on a device.
template <class T>
class OnDevice {
 public:
  OnDevice(const Device& device, Stream& stream, const Guarded<T>& rows)
      : rows_(rows), buffer_(must(device.core().allocate(rows.all.size() * sizeof(T)))) {
    must(stream.upload(whole(), rows.all.data(), whole().stride));
  }
  /// The inner rows; with `Step`, every so many columns from `first` on.
  template <int Step = 1>
  DeviceView<T, Step> view(int first = 0) const {
    const auto at = rows_.index(first, 0) * sizeof(T);
    return {buffer_.view<T>(1, 1, at).first, whole().stride, rows_.width / Step, rows_.height};
  }
  Guarded<T> back(Stream& stream) const {
    Guarded<T> rows(rows_.width, rows_.height);
    must(stream.download(rows.all.data(), whole().stride, whole()));
    must(stream.wait());
    return rows;
  }

 private:
  DeviceView<T> whole() const {
    return buffer_.template view<T>(rows_.row(), rows_.height + 2 * Guarded<T>::margin);
  }
  const Guarded<T>& rows_;
  Buffer buffer_;
};

}  // namespace cleanplate
