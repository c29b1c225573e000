#include "detect/text_bands.h"

#include <algorithm>

#include "detect/network_candidates.h"
#include "detect/static_candidates.h"

namespace cleanplate {

namespace {

constexpr int line = 2;            // times as wide as high, at least
constexpr double same_place = .5;  // of the smaller box

bool wide(const Box& box) { return box.width >= line * box.height; }

/// At one height, close to each other.
bool in_one_band(const Box& a, const Box& b) {
  return in_a_row(a, b, std::min(a.height, b.height));
}

bool at_once(const PassingMark& a, const PassingMark& b) {
  return std::any_of(a.stays.begin(), a.stays.end(), [&](const Stay& s) {
    return std::any_of(b.stays.begin(), b.stays.end(), [&](const Stay& u) {
      return u.when.from < s.when.to && s.when.from < u.when.to;
    });
  });
}

struct Band {
  Box box;   // of all lines
  Box seen;  // by a network, in the mean of all frames; as high as the text
  std::vector<const PassingMark*> lines;

  [[nodiscard]] bool several() const {
    for (const PassingMark* a : lines)
      for (const PassingMark* b : lines)
        if (a != b && !at_once(*a, *b)) return true;
    return false;
  }
};

}  // namespace

std::vector<Candidate> text_bands(const std::vector<Candidate>& staying,
                                  const std::vector<PassingMark>& marks, Size picture) {
  std::vector<Band> bands;
  for (const PassingMark& mark : marks) {
    const Box& box = mark.candidate.detection.box;
    if (!mark.candidate.accepted || !wide(box)) continue;
    Band band{box, {}, {&mark}};
    for (const Candidate& c : staying)
      if (surely_found(c) && c.by_looks && wide(c.detection.box) &&
          shared(c.detection.box, box) > same_place && in_one_band(c.detection.box, box))
        band.seen = band.seen.unite(c.detection.box);
    for (auto other = bands.begin(); other != bands.end();) {
      if (!in_one_band(other->box, band.box)) {
        ++other;
        continue;
      }
      band.box = band.box.unite(other->box), band.seen = band.seen.unite(other->seen);
      band.lines.insert(band.lines.end(), other->lines.begin(), other->lines.end());
      other = bands.erase(other);
    }
    bands.push_back(std::move(band));
  }
  std::vector<Candidate> out;
  for (const Band& band : bands) {
    if (band.seen.empty() && !band.several()) continue;
    const Box& text = band.seen.empty() ? band.box : band.seen;
    const int aside = 3 * text.height / 2, above = text.height / 5;
    Candidate& c = out.emplace_back();
    c.detection.box =
        Box{text.x - aside, text.y - above, text.width + 2 * aside, text.height + 2 * above}
            .intersect({0, 0, picture.width, picture.height});
    c.detection.kind = "text";
    c.detection.score = sure_score;
    c.accepted = true;
    c.reason = "Lines of text come and go there.";
  }
  return out;
}

}  // namespace cleanplate
