#include <cleanplate/geometry.h>

#include <cstdlib>

#include "composite/composite_pixel.h"
#include "every_device.h"

using namespace cleanplate;

namespace {
// The code value v with 255·v nearest to the weighted sum; 255 is odd, so there are no ties.
int mix_slowly(int old, int restored, int m, int top) {
  const int sum = old * (255 - m) + restored * m;
  int best = 0;
  for (int v = 1; v <= top; ++v)
    if (std::abs(255 * v - sum) < std::abs(255 * best - sum)) best = v;
  return best;
}

template <class T, int Step>
void check(Size size, int bits, int shift) {
  Random random(static_cast<std::uint64_t>(bits + 100));
  const int top = (1 << bits) - 1, unit = 1 << shift;
  // Stray bits below the sample must survive where the mask is 0.
  const Guarded<T> words(size.width * Step, size.height,
                         [&] { return random.below(1 << bits) * unit + random.below(unit); });
  const Guarded<std::uint16_t> restored(size.width, size.height,
                                        [&] { return random.below(top + 1); });
  const Guarded<std::uint8_t> mask(size.width, size.height, [&] {
    const int kind = random.below(4);
    return kind == 0 ? 0 : kind == 1 ? 255 : random.below(256);
  });
  for (int first = 0; first < Step; ++first) {
    Guarded<T> wanted = words;
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x)
        if (const int m = mask(x, y)) {
          T& word = wanted(x * Step + first, y);
          word = static_cast<T>(mix_slowly(word / unit, restored(x, y), m, top) * unit);
        }
    for (const Device& device : every_device()) {
      CAPTURE(device.name(), bits, shift, size.width, size.height, Step, first);
      Stream stream = must(device.core().stream());
      const OnDevice words_there(device, stream, words);
      const OnDevice restored_there(device, stream, restored);
      const OnDevice mask_there(device, stream, mask);
      const auto to = words_there.template view<Step>(first);
      must(stream.launch(
          {size.width, size.height},
          CompositePixel<T, Step>{restored_there.view(), mask_there.view(), to, shift},
          reads(restored_there.view(), mask_there.view(), to), writes(to)));
      REQUIRE((words_there.back(stream).all == wanted.all));
      REQUIRE(violations(device).empty());
    }
  }
}
}  // namespace

TEST_CASE("composite mixes by the mask and leaves all else, on every device") {
  for (const Size size : {Size{1, 1}, Size{7, 3}, Size{65, 17}}) {
    check<std::uint8_t, 1>(size, 8, 0);
    check<std::uint8_t, 2>(size, 8, 0);
    for (const int bits : {10, 12}) {
      check<std::uint16_t, 1>(size, bits, 0);
      check<std::uint16_t, 1>(size, bits, 16 - bits);
      check<std::uint16_t, 2>(size, bits, 16 - bits);
    }
  }
}
