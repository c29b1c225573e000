/// @file
/// What is behind a handle, and how it is found: a handle is a number in a table, never an address,
/// so that one that was destroyed, or is of another kind, is told from one that is good.
#pragma once
#include <cleanplate/result.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace cleanplate::capi {

/// Of this interface only; the others are those of cleanplate::Code.
constexpr Code bad_handle{-101}, struct_size{-102}, busy{-103}, buffer_too_small{-104};

enum class Kind : std::uint8_t {
  options = 1,
  cancel,
  frame,
  detections,
  mask,
  plan,
  report,
  detector,
  tracker,
  inpainter,
  restorer,
  decoder,
  encoder,
  pipeline,
  device,
};

/// The name that a message uses.
[[nodiscard]] const char* name_of(Kind kind);

struct Object {
  Object() = default;
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;
  virtual ~Object() = default;
  std::atomic<bool> in_use{false};
};

/// @return the handle. Threads: any; so for the next two.
[[nodiscard]] std::uintptr_t publish(Kind kind, std::shared_ptr<Object> object);
/// Null: no such handle.
[[nodiscard]] std::shared_ptr<Object> find(Kind kind, std::uintptr_t handle);
/// Takes the handle off the table. @return null: no such handle.
std::shared_ptr<Object> withdraw(Kind kind, std::uintptr_t handle);

/// An object that one call, or one restorer, has to itself.
template <class T>
class Use {
 public:
  Use() = default;
  explicit Use(std::shared_ptr<T> object) : object_(std::move(object)) {}
  Use(Use&& other) noexcept : object_(std::move(other.object_)) {}
  Use& operator=(Use&& other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Use() {
    if (object_) object_->in_use.store(false, std::memory_order_release);
  }
  T* operator->() const { return object_.get(); }
  T& operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  std::shared_ptr<T> object_;
};

[[nodiscard]] Error no_such_handle(Kind kind, bool null);
[[nodiscard]] Error handle_in_use(Kind kind);

/// For reading only, or for objects with a lock of their own.
/// T is what is behind a handle of type T::Handle, of kind T::kind.
template <class T>
[[nodiscard]] Result<std::shared_ptr<T>> look_up(const typename T::Handle* handle) {
  auto object = find(T::kind, reinterpret_cast<std::uintptr_t>(handle));
  if (!object) return no_such_handle(T::kind, !handle);
  return std::static_pointer_cast<T>(std::move(object));
}

/// @return `busy`: another call has it.
template <class T>
[[nodiscard]] Result<Use<T>> use(const typename T::Handle* handle) {
  auto object = look_up<T>(handle);
  if (!object) return std::move(object).error();
  if ((*object)->in_use.exchange(true, std::memory_order_acquire)) return handle_in_use(T::kind);
  return Use<T>(*std::move(object));
}

template <class T>
[[nodiscard]] typename T::Handle* publish(std::shared_ptr<T> object) {
  return reinterpret_cast<typename T::Handle*>(publish(T::kind, std::move(object)));
}

/// A handle that is good during a callback.
template <class T>
class Lent {
 public:
  explicit Lent(std::shared_ptr<T> object) : handle_(publish(std::move(object))) {}
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;
  ~Lent() { withdraw(T::kind, reinterpret_cast<std::uintptr_t>(handle_)); }
  [[nodiscard]] typename T::Handle* handle() const { return handle_; }

 private:
  typename T::Handle* handle_;
};

}  // namespace cleanplate::capi
