#include "matte/paint_map.h"

#include <algorithm>
#include <cmath>

#include "matte/min_cut.h"

namespace cleanplate {

namespace {
constexpr float least_through = .1f;        // above α = .9 a plate is noise
constexpr float weight[3] = {1, .5f, .5f};  // of Y, Cb, Cr: chroma is coded coarsely
constexpr float most_jump = 40;             // levels; a greater one tells no more
constexpr float length_cost = 1;            // levels a sample of border
constexpr float contrast_vote = 2;          // levels for what D is off by one spread…
constexpr float weak_vote = .5f;            // …and where it has less of a say
constexpr float most_off = 8;               // spreads; a greater one tells no more
constexpr float impossible_vote = .5f;      // of plates below black or above white
constexpr float most_vote = 60;             // levels
constexpr float likely_vote = 4;            // levels a nat of what the looks say
constexpr float surest = 4;                 // nats; looks deceive
constexpr float scale = 32;                 // whole numbers a level, for the cut
}  // namespace

Unblended::Unblended(const std::vector<Paint>& paints, int paint, float highest)
    : through(1), premultiplied{0, 0, 0}, top(highest) {
  if (paint == 0) return;
  const Paint& p = paints[static_cast<std::size_t>(paint - 1)];
  through = std::max(least_through, 1 - static_cast<float>(p.alpha));
  for (std::size_t c = 0; c < 3; ++c) premultiplied[c] = p.premultiplied[c];
}

Evidence evidence_of(const CropStack& seen, std::array<Field, 3> contrast, const Contrast& spread,
                     Likely likely) {
  Evidence e;
  e.components = seen.format().components();
  e.unit = static_cast<float>(1 << (seen.format().bits - 8));
  e.top = static_cast<float>(seen.format().max_value());
  e.contrast = std::move(contrast);
  e.spread = spread;
  e.likely = std::move(likely);
  const Size size{seen.box(0).width, seen.box(0).height};
  for (int c = 0; c < 3; ++c)
    e.mean[static_cast<std::size_t>(c)] =
        c < e.components ? enlarged(seen.mean(c), size) : Field(size.width, size.height);
  e.change.resize(e.mean[0].size());
  e.changes = std::min(seen.frames(), static_cast<int>(Evidence::most_changes));
  for (int k = 0; k < e.changes; ++k) {
    const auto* from =
        seen.samples(0, static_cast<int>((2LL * k + 1) * seen.frames() / (2LL * e.changes)));
    for (std::size_t i = 0; i < e.change.size(); ++i)
      e.change[i][static_cast<std::size_t>(k)] = static_cast<float>(from[i]) - e.mean[0].values[i];
  }
  return e;
}

PaintMap bare_map(const Field& hint) {
  return {hint.width, hint.height, std::vector<std::uint8_t>(hint.size()), {}};
}

PaintMap nearest_paints(const Evidence& evidence, const Field& hint,
                        const std::vector<Paint>& paints) {
  PaintMap map = bare_map(hint);
  for (std::size_t i = 0; i < hint.size(); ++i) {
    if (hint.values[i] <= 0) continue;
    float least = 0;
    for (std::size_t c = 0; c < 3; ++c)
      least += weight[c] * std::abs(evidence.contrast[c].values[i]);
    for (std::size_t k = 0; k < paints.size(); ++k) {
      float d = 0;
      for (std::size_t c = 0; c < 3; ++c)
        d += weight[c] * std::abs(evidence.contrast[c].values[i] - paints[k].contrast[c]);
      if (d < least) least = d, map.paint[i] = static_cast<std::uint8_t>(k + 1);
    }
  }
  find_solid(map);
  return map;
}

void find_solid(PaintMap& map) {
  const auto even = [&](int x, int y, int r) {
    const std::uint8_t here = map.paint[map.index(x, y)];
    for (int v = -r; v <= r; ++v)
      for (int u = -r; u <= r; ++u) {
        if (std::abs(u) + std::abs(v) > r + 1) continue;  // without the corners
        const int px = x + u, py = y + v;
        if (px < 0 || py < 0 || px >= map.width || py >= map.height) continue;
        if (map.paint[map.index(px, py)] != here) return false;
      }
    return true;
  };
  map.solid.assign(map.paint.size(), 0);
  for (int y = 0; y < map.height; ++y)
    for (int x = 0; x < map.width; ++x) map.solid[map.index(x, y)] = even(x, y, 2);
}

void find_cores(const PaintMap& map, std::vector<Paint>& paints) {
  for (Paint& p : paints) p.core.clear();
  for (std::size_t i = 0; i < map.paint.size(); ++i)
    if (map.paint[i]) paints[map.paint[i] - 1U].core.push_back(i);
}

namespace {

/// One expansion: every sample may keep its paint or take `taken`.
class Expansion {
 public:
  Expansion(const Evidence& evidence, const Field& hint, const std::vector<Paint>& paints,
            PaintMap& map, Votes votes)
      : e_(evidence),
        paints_(paints),
        map_(map),
        contrast_vote_(votes == Votes::contrast ? contrast_vote
                       : votes == Votes::weak   ? weak_vote
                                                : 0) {
    for (std::size_t k = 0; k <= paints.size(); ++k)
      through_.emplace_back(paints, static_cast<int>(k), e_.top);
    node_.assign(hint.size(), -1);
    for (std::size_t i = 0; i < hint.size(); ++i)
      if (hint.values[i] > 0) node_[i] = nodes_++;
  }

  /// @return whether anything changed.
  bool take(std::uint8_t taken) {
    MinCut cut(nodes_);
    for (int y = 0; y < map_.height; ++y)
      for (int x = 0; x < map_.width; ++x) {
        const std::size_t i = map_.index(x, y);
        if (node_[i] >= 0) cost(cut, node_[i], vote(i, map_.paint[i]), vote(i, taken));
        for (const auto& [dx, dy, plates] : neighbours) {
          if (x + dx >= map_.width || y + dy >= map_.height) continue;
          pair(cut, i, map_.index(x + dx, y + dy), taken, plates);
        }
      }
    cut.solve();
    bool changed = false;
    for (std::size_t i = 0; i < node_.size(); ++i) {
      if (node_[i] < 0 || cut.on_source_side(node_[i]) || map_.paint[i] == taken) continue;
      map_.paint[i] = taken;
      changed = true;
    }
    return changed;
  }

  /// The whole cost of the map as it is, in levels.
  [[nodiscard]] double jumps() const {
    double sum = 0;
    for (int y = 0; y < map_.height; ++y)
      for (int x = 0; x < map_.width; ++x) {
        const std::size_t i = map_.index(x, y);
        if (node_[i] >= 0) sum += vote(i, map_.paint[i]);
        for (const auto& [dx, dy, plates] : neighbours) {
          if (x + dx >= map_.width || y + dy >= map_.height) continue;
          const std::size_t j = map_.index(x + dx, y + dy);
          if (node_[i] >= 0 || node_[j] >= 0)
            sum += jump(i, j, map_.paint[i], map_.paint[j], plates);
        }
      }
    return sum / static_cast<double>(scale);
  }

 private:
  struct Neighbour {
    int dx, dy;
    bool plates;
  };
  // Two samples away, so that one mixed sample of an edge hides no plate.
  static constexpr Neighbour neighbours[] = {
      {2, 0, true}, {0, 2, true}, {1, 0, false}, {0, 1, false}};
  /// Of 0 or more, without lround, which is a call.
  static int whole(float levels) { return static_cast<int>(levels * scale + .5f); }
  static void cost(MinCut& cut, int node, int keep, int take) {
    cut.add_node_cost(node, take, keep);
  }

  int vote(std::size_t i, std::uint8_t paint) const {
    const float slack = 16 * e_.unit;  // edges are mixed, coding rings
    float off = 0, impossible = 0;
    const Unblended& t = through_[paint];
    for (std::size_t c = 0; c < static_cast<std::size_t>(e_.components); ++c) {
      const float d = paint ? paints_[paint - 1U].contrast[c] : 0.f;
      off += std::min(std::abs(e_.contrast[c].values[i] - d) / e_.spread[c], most_off);
      const float j = (e_.mean[c].values[i] - t.premultiplied[c]) / t.through;
      impossible += weight[c] * t.through * std::max({0.f, j - e_.top - slack, -j - slack});
    }
    float unlikely = 0;
    if (contrast_vote_ > 0 && e_.likely.known()) {
      const float p = std::clamp(e_.likely.overlay.values[i], .001f, .999f);
      const float nats = std::clamp(std::log(p / (1 - p)), -surest, surest);
      unlikely = likely_vote * std::max(0.f, paint ? -nats : nats);
    }
    return whole(unlikely + contrast_vote_ * off +
                 impossible_vote * std::min(impossible / e_.unit, most_vote));
  }

  /// How much the plate jumps between i under paint a and j under paint b, in seen levels.
  int jump(std::size_t i, std::size_t j, std::uint8_t a, std::uint8_t b, bool plates) const {
    const float length = a == b ? 0 : length_cost;
    if (!plates) return whole(length);
    const Unblended &ta = through_[a], &tb = through_[b];
    // Weighed so that a plate's texture costs the same under every paint.
    const float g = (a == b ? ta.through : std::sqrt(ta.through * tb.through)) / e_.unit;
    float sum = 0;
    for (int c = 0; c < 3; ++c) {
      const Field& m = e_.mean[static_cast<std::size_t>(c)];
      const float d = a == b ? (m.values[i] - m.values[j]) / ta.through
                             : ta.plate(m.values[i], c) - tb.plate(m.values[j], c);
      sum += weight[c] * std::min(g * std::abs(d), most_jump);
    }
    const Evidence::Changes &in = e_.change[i], &jn = e_.change[j];
    Evidence::Changes each;
    for (std::size_t k = 0; k < each.size(); ++k) {
      const float apart = g * std::abs(in[k] / ta.through - jn[k] / tb.through);
      each[k] = apart < most_jump ? apart : most_jump;
    }
    float moved = 0;
    for (const float m : each) moved += m;
    return whole(sum + moved / static_cast<float>(std::max(1, e_.changes)));
  }

  void pair(MinCut& cut, std::size_t i, std::size_t j, std::uint8_t taken, bool plates) const {
    if (node_[i] < 0 && node_[j] < 0) return;
    const std::uint8_t a = map_.paint[i], b = map_.paint[j];
    if (a == taken && b == taken) return;
    const int kept = jump(i, j, a, b, plates);
    if (node_[j] < 0) return cost(cut, node_[i], kept, jump(i, j, taken, b, plates));
    if (node_[i] < 0) return cost(cut, node_[j], kept, jump(i, j, a, taken, plates));
    const int second = jump(i, j, a, taken, plates), first = jump(i, j, taken, b, plates),
              both = jump(i, j, taken, taken, plates);
    // E = kept + (first − kept) x + (both − first) y + (first + second − kept − both) (1 − x) y
    cost(cut, node_[i], kept, first);
    cost(cut, node_[j], first, both);
    cut.add_edge(node_[i], node_[j], std::max(0, first + second - kept - both), 0);
  }

  const Evidence& e_;
  const std::vector<Paint>& paints_;
  PaintMap& map_;
  float contrast_vote_;
  std::vector<Unblended> through_;
  std::vector<int> node_;
  int nodes_ = 0;
};

}  // namespace

double settle_paints(const Evidence& evidence, const Field& hint, const std::vector<Paint>& paints,
                     PaintMap& map, Votes votes, int rounds) {
  Expansion expansion(evidence, hint, paints, map, votes);
  for (int round = 0; round < rounds; ++round) {
    bool changed = false;
    for (std::size_t k = 0; k <= paints.size(); ++k)
      changed = expansion.take(static_cast<std::uint8_t>(k)) || changed;
    if (!changed) break;
  }
  find_solid(map);
  return expansion.jumps();
}

double jumps_of(const Evidence& evidence, const Field& hint, const std::vector<Paint>& paints,
                PaintMap map, Votes votes) {
  return Expansion(evidence, hint, paints, map, votes).jumps();
}

}  // namespace cleanplate
