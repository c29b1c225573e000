#include <cleanplate/geometry.h>

#include "every_device.h"
#include "frame/read_sample.h"

using namespace cleanplate;

namespace {
// From the word's bytes, lowest first, dropping low bits by division.
template <class T>
int read_slowly(const T& word, int shift) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(&word);
  int value = 0;
  for (std::size_t i = sizeof(T); i-- > 0;) value = value * 256 + bytes[i];
  for (int i = 0; i < shift; ++i) value /= 2;
  return value;
}

template <class T, int Step>
void check(Size size, int bits, int shift) {
  Random random(static_cast<std::uint64_t>(bits));
  const Guarded<T> words(size.width * Step, size.height,
                         [&] { return random.below(1 << bits) << shift; });
  const Guarded<std::uint16_t> out(size.width, size.height, [&] { return random.below(65536); });
  for (int first = 0; first < Step; ++first) {  // Cb, Cr
    Guarded<std::uint16_t> wanted = out;
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x)
        wanted(x, y) = static_cast<std::uint16_t>(read_slowly(words(x * Step + first, y), shift));
    for (const Device& device : every_device()) {
      CAPTURE(device.name(), bits, shift, size.width, size.height, Step, first);
      Stream stream = must(device.core().stream());
      const OnDevice words_there(device, stream, words);
      const OnDevice out_there(device, stream, out);
      const auto from = words_there.template view<Step>(first);
      must(stream.launch({size.width, size.height},
                         ReadSample<T, Step>{from, out_there.view(), shift}, reads(from),
                         writes(out_there.view())));
      REQUIRE((out_there.back(stream).all == wanted.all));
      REQUIRE(violations(device).empty());
    }
  }
}
}  // namespace

TEST_CASE("samples are read as code values from every kind of word, on every device") {
  for (const Size size : {Size{1, 1}, Size{7, 3}, Size{65, 17}, Size{400, 170}}) {
    check<std::uint8_t, 1>(size, 8, 0);
    check<std::uint8_t, 2>(size, 8, 0);
    for (const int bits : {10, 12, 16}) {
      check<std::uint16_t, 1>(size, bits, 0);
      check<std::uint16_t, 2>(size, bits, 16 - bits);
      check<std::uint16_t, 1>(size, bits, 16 - bits);
    }
  }
}
