#include "detect/components.h"

namespace cleanplate {

std::vector<Component> components(const Field& map, int gap) {
  const Field joined = gap > 0 ? dilated(map, (gap + 1) / 2) : map;
  std::vector<unsigned char> done(map.size(), 0);
  std::vector<Component> out;
  std::vector<std::size_t> front;
  for (std::size_t start = 0; start < map.size(); ++start) {
    if (done[start] || joined.values[start] <= 0) continue;
    Component c;
    front.assign(1, start);
    done[start] = 1;
    while (!front.empty()) {
      const std::size_t i = front.back();
      front.pop_back();
      const int x = static_cast<int>(i % static_cast<std::size_t>(map.width));
      const int y = static_cast<int>(i / static_cast<std::size_t>(map.width));
      if (map.values[i] > 0) {
        c.samples.push_back(i);
        c.box = c.box.unite({x, y, 1, 1});
      }
      for (int ny = y - 1; ny <= y + 1; ++ny)
        for (int nx = x - 1; nx <= x + 1; ++nx) {
          if (nx < 0 || ny < 0 || nx >= map.width || ny >= map.height) continue;
          const std::size_t j = map.index(nx, ny);
          if (done[j] || joined.values[j] <= 0) continue;
          done[j] = 1;
          front.push_back(j);
        }
    }
    if (!c.samples.empty()) out.push_back(std::move(c));
  }
  return out;
}

}  // namespace cleanplate
