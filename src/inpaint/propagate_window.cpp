#include "inpaint/propagate_window.h"

#include <cstdlib>

namespace cleanplate {

void HeldFrames::look_around(std::size_t index, int reach, std::vector<Neighbour>& crops,
                             std::vector<TimeNeighbour>& pictures) const {
  constexpr int few = 4;  // pictures to a side: so many are all taken
  crops.clear();
  pictures.clear();
  const auto look = [&](const HeldFrame& h, const Motion& motion, int away) {
    crops.push_back({&h.seen, &h.filled, motion, away, h.seen_there.there(),
                     (h.given ? h.seen_there : h.filled_there).there()});
  };
  look(frames[index], {}, 0);
  const auto add = [&](const HeldFrame& h, const Motion& motion, int away) {
    look(h, motion, away);
    if (away % 2 == 0 || reach < few) pictures.push_back({&h.small, motion});
  };
  Motion before, after;
  bool back = true, forth = true;
  for (std::size_t k = 1; k <= static_cast<std::size_t>(reach); ++k) {
    forth = forth && index + k < frames.size() && frames[index + k].linked;
    if (forth) {
      after = after.then(frames[index + k].from_last);
      add(frames[index + k], after, static_cast<int>(k));
    }
    back = back && k <= index && frames[index - k + 1].linked;
    if (back) {
      before = before.then(frames[index - k + 1].from_last.inverse());
      add(frames[index - k], before, -static_cast<int>(k));
    }
  }
}

HeldFrames::Anchors HeldFrames::anchors() const {
  Anchors out{next, next + 1, 0};
  while (out.before > 0 && !frames[out.before].anchor) --out.before;
  const auto linked = [&] { return out.after < frames.size() && frames[out.after].linked; };
  while (linked() && !frames[out.after].anchor) ++out.after;
  if (linked())
    out.way = static_cast<float>(next - out.before) / static_cast<float>(out.after - out.before);
  return out;
}

}  // namespace cleanplate
