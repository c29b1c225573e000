#include <algorithm>

#include "detect/regions.h"

namespace cleanplate {

namespace {

constexpr int threshold = 127;

/// Numbers that are found to belong together.
class Sets {
 public:
  int add() {
    parents_.push_back(static_cast<int>(parents_.size()));
    return parents_.back();
  }
  int find(int i) {
    while (parent(i) != i) i = parent(i) = parent(parent(i));
    return i;
  }
  void join(int a, int b) {
    // The lower number stays, so that the order is the order of first sight.
    const int low = std::min(find(a), find(b)), high = std::max(find(a), find(b));
    parent(high) = low;
  }

 private:
  int& parent(int i) { return parents_[static_cast<std::size_t>(i)]; }
  std::vector<int> parents_;
};

/// 1 within `by` samples of a marked one, in rows and in columns; else 0.
Picture grow(const Picture& grey, int by) {
  Picture wide(grey.size, 1), grown(grey.size, 1);
  const int far = -2 * (by + 1);
  for (int y = 0; y < grey.size.height; ++y) {
    int last = far;
    for (int x = 0; x < grey.size.width; ++x) {
      if (*grey.at(x, y) > threshold) {
        for (int back = std::max({0, x - by, last + 1}); back <= x; ++back) *wide.at(back, y) = 1;
        last = x;
      } else if (x - last <= by) {
        *wide.at(x, y) = 1;
      }
    }
  }
  for (int x = 0; x < grey.size.width; ++x) {
    int last = far;
    for (int y = 0; y < grey.size.height; ++y) {
      if (*wide.at(x, y)) {
        for (int back = std::max({0, y - by, last + 1}); back <= y; ++back) *grown.at(x, back) = 1;
        last = y;
      } else if (y - last <= by) {
        *grown.at(x, y) = 1;
      }
    }
  }
  return grown;
}

/// Every marked sample's provisional set, -1 elsewhere; 8 neighbours are one.
std::vector<int> label(const Picture& marked, Sets& sets) {
  const Size size = marked.size;
  std::vector<int> labels(marked.samples.size(), -1);
  const auto at = [&](int x, int y) -> int& {
    return labels[static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) +
                  static_cast<std::size_t>(x)];
  };
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      if (!*marked.at(x, y)) continue;
      int own = x > 0 ? at(x - 1, y) : -1;
      for (int nx = std::max(0, x - 1); y > 0 && nx <= std::min(size.width - 1, x + 1); ++nx) {
        const int above = at(nx, y - 1);
        if (above < 0) continue;
        if (own < 0)
          own = above;
        else
          sets.join(own, above);
      }
      at(x, y) = own < 0 ? sets.add() : own;
    }
  return labels;
}

}  // namespace

std::vector<Region> mask_regions(const Picture& grey) {
  Sets sets;
  std::vector<int> labels = label(grow(grey, std::max(2, grey.size.height / 128)), sets);
  for (std::size_t i = 0; i < labels.size(); ++i)
    labels[i] = grey.samples[i] > threshold ? sets.find(labels[i]) : -1;

  std::vector<Box> boxes;  // by set; empty for numbers that another set took over
  std::size_t i = 0;
  for (int y = 0; y < grey.size.height; ++y)
    for (int x = 0; x < grey.size.width; ++x, ++i) {
      if (labels[i] < 0) continue;
      const auto set = static_cast<std::size_t>(labels[i]);
      if (set >= boxes.size()) boxes.resize(set + 1);
      boxes[set] = boxes[set].unite({x, y, 1, 1});
    }

  std::vector<Region> regions;
  for (std::size_t set = 0; set < boxes.size(); ++set) {
    const Box box = boxes[set];
    if (box.empty()) continue;
    auto mask = std::make_shared<Mask>();
    mask->box = box;
    mask->values.reserve(static_cast<std::size_t>(box.area()));
    for (int y = box.y; y < box.bottom(); ++y) {
      const auto row = static_cast<std::size_t>(y) * static_cast<std::size_t>(grey.size.width);
      for (int x = box.x; x < box.right(); ++x)
        mask->values.push_back(
            labels[row + static_cast<std::size_t>(x)] == static_cast<int>(set) ? 255 : 0);
    }
    regions.push_back({{box, 1.0, "region", std::move(mask)}, {}});
  }
  return regions;
}

}  // namespace cleanplate
