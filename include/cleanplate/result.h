/// @file
/// Errors are values: every call that can fail gives a `Result`, and nothing throws across the API.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace cleanplate {

/// What failed. Numbers are fixed by hand and never reused.
enum class Code : std::int32_t {
  internal = -1,          ///< a defect of ours; please report it
  invalid_argument = -2,  ///< a call that can never work
  invalid_option = -3,    ///< an option's name or value; the message names the range
  bad_order = -4,         ///< frames not in presentation order; nothing taken
  not_found = -5,         ///< no such file
  unreadable = -6,        ///< a file that cannot be opened, or is no media file
  no_video = -7,          ///< a media file without a video stream
  unsupported = -8,       ///< well-formed input that is not handled
  encrypted = -9,         ///< protected content
  damaged = -10,          ///< truncated or corrupt input
  unwritable = -11,       ///< the output's folder or file cannot be written
  disk_full = -12,        ///< the output's device is full
  same_file = -13,        ///< the output is the input
  out_of_memory = -14,    ///< host or device memory
  decoder = -15,          ///< no decoder, or it failed
  encoder = -16,          ///< no rung of the encoder ladder opened, or all failed
  device = -17,           ///< no such device, or the device failed
  network = -18,          ///< libtorch absent, or a model that cannot be used
  cancelled = -19,        ///< the cancel token was set
  degraded = -20,         ///< a degradation under `strict`
};

/// What a stage's push, pull and flush say when nothing failed.
enum class Flow : std::int32_t {
  ok = 0,     ///< done
  again = 1,  ///< nothing to give yet: push more
  full = 2,   ///< nothing taken: pull first
  end = 3,    ///< flushed and empty
};

/// One failure: what was tried, on what, and what to do.
struct Error {
  Code code = Code::internal;
  std::string stage;             ///< "decode", "detect", "track", "matte", "inpaint", …
  std::string message;           ///< a sentence, UTF-8
  std::int64_t frame = -1;       ///< frame index from 0, -1 when no frame is meant
  std::int32_t native_code = 0;  ///< the code of the library below, 0 for none
};

/// A value or an Error. Threads: a plain value.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  explicit operator bool() const { return held_.index() == 0; }
  T& operator*() & { return *std::get_if<0>(&held_); }
  const T& operator*() const& { return *std::get_if<0>(&held_); }
  T&& operator*() && { return std::move(*std::get_if<0>(&held_)); }
  T* operator->() { return std::get_if<0>(&held_); }
  const T* operator->() const { return std::get_if<0>(&held_); }
  /// Only when the result is false.
  const Error& error() const& { return *std::get_if<1>(&held_); }
  Error&& error() && { return std::move(*std::get_if<1>(&held_)); }

 private:
  std::variant<T, Error> held_;
};

/// Done, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : failed_(true), error_(std::move(error)) {}  // NOLINT: implicit

  explicit operator bool() const { return !failed_; }
  const Error& error() const& { return error_; }
  Error&& error() && { return std::move(error_); }

 private:
  bool failed_ = false;
  Error error_;
};

}  // namespace cleanplate
