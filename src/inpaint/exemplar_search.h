/// @file
/// Where in a picture there is texture like that which a hole hides.
#pragma once
#include <cstdint>
#include <vector>

#include "inpaint/backdrop.h"
#include "inpaint/fill_crop.h"

namespace cleanplate {

/// A step from a place of the hole to the one that it takes its texture from.
struct ExemplarStep {
  std::int16_t x = 0, y = 0;  ///< in units of two luma samples; 0, 0: there is none
  bool operator==(const ExemplarStep&) const = default;
};
/// One for each 2 × 2 luma samples of the crop, rows without gaps.
using ExemplarSteps = std::vector<ExemplarStep>;

/// Lays blocks of the surroundings over a hole, from its rim inwards, each the one that goes on
/// best from what is known and laid before (Criminisi et al. 2004; Efros & Freeman 2001). Like
/// pictures give like steps, so that what stands still keeps its texture: blocks are few, their
/// sources lie on a lattice, and a step taken before is taken again unless another is far better.
/// Works at half the size.
/// Threads: one object, one thread at a time.
class ExemplarSearch {
 public:
  /// @param hole   luma; samples that are to be filled.
  explicit ExemplarSearch(const HoleMask& hole);

  /// Whether there is anything to take, and a place for it.
  [[nodiscard]] bool usable() const { return !blocks_.empty(); }
  [[nodiscard]] ExemplarSteps find(const Backdrop& backdrop);

 private:
  struct Block {
    int left = 0, top = 0, right = 0, bottom = 0;  ///< of what is compared; the last is out
    std::vector<int> given;                        ///< places that are known or laid by then
    std::vector<int> open;                         ///< places that it lays, square by square
    std::vector<std::size_t> squares;              ///< where in `open` each square ends
  };
  void lay_out(int side);
  [[nodiscard]] bool fits(const Block& block, int dx, int dy) const;
  template <class Use>
  void over_lattice(const Block& block, Use&& use) const;
  [[nodiscard]] int sources(const Block& block) const;
  [[nodiscard]] float difference(const Block& block, int dx, int dy, float most) const;

  int width_, height_;  ///< half the crop's
  std::vector<std::uint8_t> hole_;
  std::vector<int> holes_before_;  ///< (width + 1) × (height + 1): holes above and left
  std::vector<Block> blocks_;      ///< in the order in which they are laid
  Backdrop picture_;               ///< with what is laid
};

}  // namespace cleanplate
