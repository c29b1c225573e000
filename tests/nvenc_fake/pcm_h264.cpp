#include "pcm_h264.h"

#include <algorithm>

namespace {
class Bits {
 public:
  void put(unsigned value, int count) {
    for (int i = count; i-- > 0;) {
      held_ = static_cast<std::uint8_t>(held_ << 1 | (value >> i & 1));
      if (++filled_ == 8) bytes_.push_back(held_), filled_ = 0;
    }
  }
  /// Exp-Golomb code of an unsigned number.
  void ue(unsigned value) {
    int length = 0;
    while ((value + 1) >> (length + 1)) ++length;
    put(0, length);
    put(value + 1, length + 1);
  }
  void align() {
    while (filled_) put(0, 1);
  }
  /// With the stop bit, as a NAL unit after a start code; three bytes of which two are 0 and the
  /// third is below 4 get a 3 between.
  void end_unit(std::uint8_t kind, PcmH264::Bytes& to) {
    put(1, 1);
    align();
    for (const std::uint8_t byte : {std::uint8_t{0}, std::uint8_t{0}, std::uint8_t{1}, kind})
      to.push_back(byte);
    int zeros = 0;
    for (const std::uint8_t byte : bytes_) {
      if (zeros == 2 && byte < 4) to.push_back(3), zeros = 0;
      to.push_back(byte);
      zeros = byte ? 0 : zeros + 1;
    }
  }

 private:
  std::vector<std::uint8_t> bytes_;
  std::uint8_t held_ = 0;
  int filled_ = 0;
};

int blocks(int samples) { return (samples + 15) / 16; }
}  // namespace

PcmH264::Bytes PcmH264::header() const {
  Bytes out;
  Bits sps;
  sps.put(full_chroma ? 244 : bits > 8 ? 110 : 66, 8);  // profile
  sps.put(0, 8);
  sps.put(51, 8);  // level
  sps.ue(0);
  if (bits > 8 || full_chroma) {
    sps.ue(full_chroma ? 3 : 1);
    if (full_chroma) sps.put(0, 1);  // its planes are coded together
    sps.ue(static_cast<unsigned>(bits - 8));
    sps.ue(static_cast<unsigned>(bits - 8));
    sps.put(0, 2);
  }
  sps.ue(0);      // 4 bits of frame_num
  sps.ue(2);      // shown in coding order
  sps.ue(0);      // no picture refers to another
  sps.put(0, 1);  // no gaps
  sps.ue(static_cast<unsigned>(blocks(width) - 1));
  sps.ue(static_cast<unsigned>(blocks(height) - 1));
  sps.put(3, 2);  // frames; direct_8x8_inference
  sps.put(1, 1);  // cropped, in units of a chroma sample
  const unsigned unit = full_chroma ? 1 : 2;
  sps.ue(0);
  sps.ue(static_cast<unsigned>(blocks(width) * 16 - width) / unit);
  sps.ue(0);
  sps.ue(static_cast<unsigned>(blocks(height) * 16 - height) / unit);
  sps.put(0, 1);  // no VUI
  sps.end_unit(0x67, out);
  Bits pps;
  pps.ue(0);
  pps.ue(0);
  pps.put(0, 2);                          // CAVLC, frames
  for (int i = 0; i < 3; ++i) pps.ue(0);  // slice groups, references
  pps.put(0, 3);                          // no weights
  for (int i = 0; i < 3; ++i) pps.ue(0);  // quantisers
  pps.put(4, 3);                          // slices say how they are deblocked
  pps.end_unit(0x68, out);
  return out;
}

PcmH264::Bytes PcmH264::picture(int number, const Sample& sample) const {
  Bytes out = header();
  Bits slice;
  slice.ue(0);
  slice.ue(7);  // all of the picture is I
  slice.ue(0);
  slice.put(0, 4);
  slice.ue(static_cast<unsigned>(number & 1));  // two in a row differ
  slice.put(0, 2);
  slice.ue(0);
  slice.ue(1);  // not deblocked
  for (int by = 0; by < blocks(height); ++by)
    for (int bx = 0; bx < blocks(width); ++bx) {
      slice.ue(25);  // I_PCM
      slice.align();
      for (int c = 0; c < 3; ++c) {
        const bool halved = c && !full_chroma;
        const int side = halved ? 8 : 16;
        const int most_x = (halved ? (width + 1) / 2 : width) - 1;
        const int most_y = (halved ? (height + 1) / 2 : height) - 1;
        for (int y = by * side; y < (by + 1) * side; ++y)
          for (int x = bx * side; x < (bx + 1) * side; ++x)
            slice.put(sample(c, std::min(x, most_x), std::min(y, most_y)), bits);
      }
    }
  slice.end_unit(0x65, out);
  return out;
}
