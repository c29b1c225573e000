/// @file
/// Passing an Error on, in one line; and turning what the standard library throws into one.
#pragma once
#include <cleanplate/result.h>

#include <exception>
#include <new>
#include <utility>

/// CP_TRY(auto x, f()): x is f()'s value, or this function gives f()'s error.
#define CP_TRY(declared, expression)                                           \
  auto CP_TRY_NAME(__LINE__) = (expression);                                   \
  if (!CP_TRY_NAME(__LINE__)) return std::move(CP_TRY_NAME(__LINE__)).error(); \
  declared = *std::move(CP_TRY_NAME(__LINE__))
/// CP_CHECK(f()): this function gives f()'s error, if there is one.
#define CP_CHECK(expression) \
  if (auto cp_checked = (expression); !cp_checked) return std::move(cp_checked).error()
#define CP_TRY_NAME(line) CP_TRY_JOIN(cp_tried_, line)
#define CP_TRY_JOIN(a, b) a##b

namespace cleanplate {

/// Runs `body`; what it throws becomes an Error of `stage`. Every public function that may
/// allocate goes through here, so that nothing throws across the API.
template <class Body>
auto guarded(const char* stage, Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return Error{Code::out_of_memory, stage, "There is not enough memory; lower max_memory."};
  } catch (const std::exception& e) {
    return Error{Code::internal, stage, std::string("An unexpected failure: ") + e.what() + "."};
  }
}

}  // namespace cleanplate
