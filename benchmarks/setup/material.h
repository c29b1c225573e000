/// @file
/// A marked clip in a folder of its own, and what a user could tell of the mark.
#pragma once
#include <memory>
#include <string>

#include "quality/case.h"
#include "quality/scratch.h"
#include "setup/clip.h"

namespace bench {

struct MaterialOrder {
  ClipOrder clip;
  std::string logo;                 ///< path of a PNG with alpha; empty: a drawn mark
  std::string kind = "seethrough";  ///< as quality::CaseOrder
  double strength = .4;             ///< opacity of "seethrough"
  int corner = 2;                   ///< as quality::CaseOrder
};

/// Files are deleted with the object. Threads: one at a time.
class Material {
 public:
  explicit Material(const MaterialOrder& order);

  [[nodiscard]] const std::string& input() const { return input_; }  ///< H.264, crf 18
  [[nodiscard]] const std::string& mask() const { return mask_; }    ///< PNG of the support
  [[nodiscard]] const std::string& region() const { return region_; }
  /// The support's own box, "x,y,w,h".
  [[nodiscard]] const std::string& box() const { return box_; }
  [[nodiscard]] const std::string& words() const { return words_; }
  [[nodiscard]] const quality::Case& made() const { return *made_; }
  [[nodiscard]] int frames() const { return made_->frames(); }
  /// The input's packets so many times over; made once. @return its path.
  [[nodiscard]] std::string looped(int times);
  /// A path in the folder.
  [[nodiscard]] std::string operator/(const std::string& name) const { return scratch_ / name; }

 private:
  quality::Scratch scratch_;
  std::string input_, mask_, region_, box_, words_;
  std::unique_ptr<quality::Case> made_;
};

}  // namespace bench
