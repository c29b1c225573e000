/// @file
/// The fine noise of a picture: how strong it is, and more of the same.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace cleanplate {

/// Strength of the noise of single samples, as its standard deviation in code values; detail and
/// edges are passed over by taking the median. 0 where fewer than 16 samples can be looked at.
/// @param places  inner samples of the picture (not on its edge), whose 3×3 neighbours are known.
[[nodiscard]] float grain_strength(std::span<const float> picture, int width,
                                   std::span<const int> places);

/// Noise of mean 0 and variance 1 for a sample: the same for the same key, on every machine.
[[nodiscard]] float grain_at(int x, int y, std::uint64_t key);

}  // namespace cleanplate
