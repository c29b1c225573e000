/// @file
/// The frame round every function of the C API: nothing is thrown out of it, and what failed is in
/// the caller's error.
#pragma once
#include <cleanplate.h>
#include <cleanplate/result.h>

#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "handle.h"

/// CAPI_TRY(auto x, f()): x is f()'s value, or this function gives f()'s error.
#define CAPI_TRY(declared, expression)                                     \
  auto CAPI_NAME(__LINE__) = (expression);                                 \
  if (!CAPI_NAME(__LINE__)) return std::move(CAPI_NAME(__LINE__)).error(); \
  declared = *std::move(CAPI_NAME(__LINE__))
#define CAPI_CHECK(expression)                                       \
  if (auto CAPI_NAME(__LINE__) = (expression); !CAPI_NAME(__LINE__)) \
  return std::move(CAPI_NAME(__LINE__)).error()
#define CAPI_NAME(line) CAPI_JOIN(capi_tried_, line)
#define CAPI_JOIN(a, b) a##b

namespace cleanplate::capi {

/// UTF-8 cut to what fits, between characters, ended by a zero.
void copy_text(char* to, std::size_t size, std::string_view text);
template <std::size_t n>
void copy_text(char (&to)[n], std::string_view text) {
  copy_text(to, n, text);
}

/// Unless something failed before. @return false: the struct is not one.
[[nodiscard]] bool is_good(const cleanplate_error* error);
std::int32_t fail(cleanplate_error* error, const Error& why) noexcept;

/// @param body  gives a Result<std::int32_t>: a flow, or an error.
template <class Body>
std::int32_t call(cleanplate_error* error, Body&& body) noexcept {
  if (error && !is_good(error)) return CLEANPLATE_ERROR_STRUCT_SIZE;
  try {
    Result<std::int32_t> done = body();
    return done ? *done : fail(error, done.error());
  } catch (const std::bad_alloc&) {
    return fail(error, {Code::out_of_memory, "c", "There is not enough memory; lower max_memory."});
  } catch (const std::exception& e) {
    return fail(error, {Code::internal, "c", std::string("An unexpected failure: ") + e.what()});
  } catch (...) {
    return fail(error, {Code::internal, "c", "An unexpected failure of an unknown kind."});
  }
}

[[nodiscard]] Error invalid(std::string sentence);
/// `invalid_argument` where it is null. @param what  the parameter's name.
[[nodiscard]] Result<void> needed(const void* pointer, const char* what);
/// @return the index, or `invalid_argument`: it is not one of `count`.
[[nodiscard]] Result<std::size_t> index_in(std::int32_t index, std::size_t count, const char* what);
/// Gives text back into the caller's buffer.
[[nodiscard]] Result<std::int32_t> give_text(std::string_view text, char* buffer, std::size_t size,
                                             std::size_t* needed_size);

[[nodiscard]] Error wrong_size(const char* what, std::size_t got, std::size_t least);
/// A struct of the caller's, of an older, this or a newer header.
/// @param least  bytes without which it says nothing.
template <class S>
[[nodiscard]] Result<S> take_struct(const S* given, std::size_t least, const char* what) {
  CAPI_CHECK(needed(given, what));
  const std::size_t size = given->struct_size;
  if (size < least || size > (std::size_t{1} << 20)) return wrong_size(what, size, least);
  S taken{};
  std::memcpy(&taken, given, size < sizeof(S) ? size : sizeof(S));
  const auto* bytes = reinterpret_cast<const unsigned char*>(given);
  for (std::size_t i = sizeof(S); i < size; ++i)
    if (bytes[i]) return wrong_size(what, size, least);
  return taken;
}
/// Checks before anything is done that a struct can be given back.
template <class S>
[[nodiscard]] Result<void> can_give(const S* out, std::size_t least, const char* what) {
  CAPI_CHECK(needed(out, what));
  const std::size_t size = out->struct_size;
  if (size < least || size > (std::size_t{1} << 20)) return wrong_size(what, size, least);
  return {};
}
template <class S>
[[nodiscard]] Result<std::int32_t> give_struct(S* out, S value, std::size_t least,
                                               const char* what) {
  CAPI_CHECK(can_give(out, least, what));
  const std::size_t size = value.struct_size = out->struct_size;
  std::memcpy(out, &value, size < sizeof(S) ? size : sizeof(S));
  if (size > sizeof(S)) std::memset(reinterpret_cast<char*>(out) + sizeof(S), 0, size - sizeof(S));
  return CLEANPLATE_OK;
}

/// Destroys; NULL is nothing to do.
template <class T>
std::int32_t destroy(typename T::Handle* handle) noexcept {
  return call(nullptr, [&]() -> Result<std::int32_t> {
    if (!handle) return CLEANPLATE_OK;
    // Held by a restorer it lives on there; in the middle of a call it stays.
    CAPI_TRY(const auto object, look_up<T>(handle));
    if (!T::may_go(*object)) return handle_in_use(T::kind);
    if (!withdraw(T::kind, reinterpret_cast<std::uintptr_t>(handle)))
      return no_such_handle(T::kind, false);
    return CLEANPLATE_OK;
  });
}

/// Gives a new object to the caller.
template <class T>
[[nodiscard]] Result<std::int32_t> give(typename T::Handle** out, std::shared_ptr<T> object) {
  *out = publish(std::move(object));
  return CLEANPLATE_OK;
}

[[nodiscard]] inline Result<std::int32_t> to_code(Result<Flow> flow) {
  if (!flow) return std::move(flow).error();
  return static_cast<std::int32_t>(*flow);
}
[[nodiscard]] inline Result<std::int32_t> to_code(Result<void> done) {
  if (!done) return std::move(done).error();
  return CLEANPLATE_OK;
}

}  // namespace cleanplate::capi
