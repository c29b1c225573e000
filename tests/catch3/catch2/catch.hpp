// Catch2 3 under the names of Catch2 2, which the tests are written for.
#pragma once
#include <catch2/catch_all.hpp>

#include <string>

using Catch::Approx;
namespace Catch {
using Matchers::EndsWith;
using Matchers::StartsWith;
inline auto Contains(const std::string& part) { return Matchers::ContainsSubstring(part); }
}  // namespace Catch
