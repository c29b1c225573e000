#include "typeface.h"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <algorithm>

namespace cleanplate::train {

struct Typeface::State {
  FT_Library library = nullptr;
  FT_Face face = nullptr;
  ~State() {
    if (face) FT_Done_Face(face);
    if (library) FT_Done_FreeType(library);
  }
};

Typeface::~Typeface() = default;

std::unique_ptr<Typeface> Typeface::open(const std::string& path) {
  auto state = std::make_unique<State>();
  if (FT_Init_FreeType(&state->library) ||
      FT_New_Face(state->library, path.c_str(), 0, &state->face) || !FT_IS_SCALABLE(state->face))
    return nullptr;
  std::unique_ptr<Typeface> made(new Typeface);
  made->state_ = std::move(state);
  return made;
}

namespace {
Field cut(const Field& wide) {
  Box inked;
  for (int y = 0; y < wide.height; ++y)
    for (int x = 0; x < wide.width; ++x)
      if (wide.at(x, y) > .02f) inked = inked.unite({x, y, 1, 1});
  if (inked.empty()) return {};
  Field out(inked.width, inked.height);
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x) out.at(x, y) = wide.at(x + inked.x, y + inked.y);
  return out;
}

void draw(const FT_GlyphSlot glyph, int x0, int y0, Field& to) {
  const FT_Bitmap& bitmap = glyph->bitmap;
  for (int y = 0; y < static_cast<int>(bitmap.rows); ++y)
    for (int x = 0; x < static_cast<int>(bitmap.width); ++x) {
      const int px = x0 + glyph->bitmap_left + x, py = y0 - glyph->bitmap_top + y;
      if (px < 0 || py < 0 || px >= to.width || py >= to.height) continue;
      float& sample = to.at(px, py);
      sample = std::max(sample, static_cast<float>(bitmap.buffer[y * bitmap.pitch + x]) / 255.f);
    }
}
}  // namespace

Field Typeface::line(const std::u32string& text, int height, int spacing) const {
  const FT_Face face = state_->face;
  if (FT_Set_Pixel_Sizes(face, 0, static_cast<FT_UInt>(height))) return {};
  Field wide(std::min(4000, static_cast<int>(text.size() + 1) * (height * 2 + spacing)),
             height * 3);
  int pen = height / 2;
  for (const char32_t letter : text) {
    if (FT_Load_Char(face, letter, FT_LOAD_RENDER | FT_LOAD_NO_HINTING)) continue;
    draw(face->glyph, pen, height * 2, wide);
    pen += static_cast<int>(face->glyph->advance.x >> 6) + spacing;
  }
  return cut(wide);
}

bool Typeface::has(char32_t letter) const { return FT_Get_Char_Index(state_->face, letter) != 0; }

Field Typeface::symbol(Random& random, int height) const {
  const FT_Face face = state_->face;
  if (FT_Set_Pixel_Sizes(face, 0, static_cast<FT_UInt>(height))) return {};
  for (int tries = 0; tries < 8; ++tries) {
    const int glyph = random.below(static_cast<int>(std::max<FT_Long>(1, face->num_glyphs)));
    if (FT_Load_Glyph(face, static_cast<FT_UInt>(glyph), FT_LOAD_RENDER | FT_LOAD_NO_HINTING))
      continue;
    Field wide(height * 4, height * 4);
    draw(face->glyph, height, height * 2, wide);
    Field found = cut(wide);
    if (found.width > height / 3 && found.height > height / 3) return found;
  }
  return {};
}

}  // namespace cleanplate::train
