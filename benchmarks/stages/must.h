/// @file
/// What a measurement cannot go on without.
#pragma once
#include <cleanplate/result.h>

#include <stdexcept>
#include <utility>

namespace bench {

/// Throws the error's sentence.
inline void must(const cleanplate::Result<void>& done) {
  if (!done) throw std::runtime_error(done.error().message);
}
template <class T>
T must(cleanplate::Result<T> made) {
  if (!made) throw std::runtime_error(made.error().message);
  return *std::move(made);
}

}  // namespace bench
