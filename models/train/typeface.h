/// @file
/// Words and symbols as coverage, by FreeType.
#pragma once
#include <memory>
#include <string>

#include "core/random.h"
#include "frame/field.h"

namespace cleanplate::train {

/// One font file. Threads: one object, one thread at a time.
class Typeface {
 public:
  /// Null: FreeType cannot use it.
  static std::unique_ptr<Typeface> open(const std::string& path);
  ~Typeface();

  /// One line, 0…1, cut to what is inked; empty where the font has none of it.
  /// @param height  pixels to the em; spacing: pixels more between letters.
  [[nodiscard]] Field line(const std::u32string& text, int height, int spacing = 0) const;
  [[nodiscard]] bool has(char32_t letter) const;
  /// A symbol from anywhere in the font.
  [[nodiscard]] Field symbol(Random& random, int height) const;

 private:
  Typeface() = default;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cleanplate::train
