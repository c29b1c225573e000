#include "detect/steady_motion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "detect/edge_sums.h"

namespace cleanplate {

namespace {

// Velocities are in samples of the halved grid a frame: that of a mark that crosses the picture in
// some four seconds at most.
constexpr int part = 8;  // frames of a part of the stretch
constexpr int parts = static_cast<int>(SteadyMotion::frames) / part;
constexpr int widest_x = 8, widest_y = 6;  // in eighths: what a part can tell apart
constexpr int finer = 4;                   // what the stretch can, against a part
constexpr int block = 4;                   // samples; a window is two blocks each way

int nearest(double value) { return static_cast<int>(std::lround(value)); }

/// Each part's mean along each velocity in eighths of a sample.
class PartMeans {
 public:
  explicit PartMeans(const std::vector<EdgeBytes>& frames) {
    std::vector<EdgeBytes> half;
    for (const EdgeBytes& frame : frames) half.push_back(halved(frame));
    size_ = half.front().size;
    EdgeSums sums(size_);
    for (int p = 0; p < parts; ++p) {
      powers_.push_back(power_of(&half[static_cast<std::size_t>(p * part)]));
      for (int b = -widest_y; b <= widest_y; ++b)
        for (int a = -widest_x; a <= widest_x; ++a) {
          sums.clear();
          for (int k = 0; k < part; ++k) {
            const double t = k - (part - 1) / 2.;
            sums.add(half[static_cast<std::size_t>(p * part + k)], nearest(a * t / part),
                     nearest(b * t / part));
          }
          means_.push_back(sums.mean(part));
        }
    }
  }
  [[nodiscard]] Size size() const { return size_; }
  /// The stretch along a velocity, as it lies in its middle.
  void sum(double vx, double vy, EdgeSums& out) const {
    out.clear();
    for (int p = 0; p < parts; ++p) {
      const double t = part * (p - (parts - 1) / 2.);
      const int row = (p * (2 * widest_y + 1) + nearest(vy * part) + widest_y);
      const int at = row * (2 * widest_x + 1) + nearest(vx * part) + widest_x;
      out.add(means_[static_cast<std::size_t>(at)], nearest(vx * t), nearest(vy * t));
    }
  }
  /// The mean power of the frames' edges in each block along a velocity.
  void power(double vx, double vy, Field& out) const {
    std::fill(out.values.begin(), out.values.end(), 0.f);
    for (int p = 0; p < parts; ++p) {
      const double t = part * (p - (parts - 1) / 2.);
      const int dx = nearest(vx * t / block), dy = nearest(vy * t / block);
      const Field& from = powers_[static_cast<std::size_t>(p)];
      for (int y = std::max(0, -dy); y < std::min(out.height, out.height - dy); ++y)
        for (int x = std::max(0, -dx); x < std::min(out.width, out.width - dx); ++x)
          out.at(x, y) += from.at(x + dx, y + dy);
    }
  }

 private:
  static Field power_of(const EdgeBytes* frames) {
    constexpr float scale = 1.f / (127 * 127 * part * parts * 4 * block * block);
    const Size size = frames->size;
    Field out(size.width / block, size.height / block);
    for (int k = 0; k < part; ++k)
      for (int y = 0; y < out.height * block; ++y)
        for (int x = 0; x < out.width * block; ++x) {
          const auto i = static_cast<std::size_t>(y * size.width + x);
          const auto gx = static_cast<float>(frames[k].x[i]),
                     gy = static_cast<float>(frames[k].y[i]);
          out.at(x / block, y / block) += scale * (gx * gx + gy * gy);
        }
    return out;
  }

  Size size_;
  std::vector<EdgeBytes> means_;  // part, then down, then across
  std::vector<Field> powers_;     // part
};

struct Peak {
  float score = 0;
  double vx = 0, vy = 0;
  int x = 0, y = 0;
};

/// The least eigenvalue of the edges' second moments in each window: edges in two directions;
/// times its share of the power that went by.
class Corners {
 public:
  explicit Corners(Size size)
      : xx_(size.width / block, size.height / block),
        yy_(xx_),
        xy_(xx_),
        power_(xx_),
        least_(xx_) {}
  /// What a motion sums up to, and PartMeans::power of it.
  Field& power() { return power_; }

  void add_peaks(const EdgeSums& sums, double vx, double vy, std::vector<Peak>& peaks) {
    gather(sums);
    const int w = least_.width - 1, h = least_.height - 1;
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        const float here = least_.at(x, y);
        if (here <= 0) continue;
        bool top = true;
        for (int j = std::max(0, y - 1); j <= std::min(h - 1, y + 1); ++j)
          for (int i = std::max(0, x - 1); i <= std::min(w - 1, x + 1); ++i)
            top = top && least_.at(i, j) <= here;
        if (top) peaks.push_back({here, vx, vy, (x + 1) * block, (y + 1) * block});
      }
  }

 private:
  void gather(const EdgeSums& sums) {
    constexpr float floor = .003f;
    constexpr float quiet = .005f;  // power that is noise's
    constexpr float unit = 1.f / (127 * parts);
    constexpr float scale = unit * unit / (4 * block * block);
    for (Field* f : {&xx_, &yy_, &xy_}) std::fill(f->values.begin(), f->values.end(), 0.f);
    for (int y = 0; y < xx_.height * block; ++y) {
      const std::size_t to = xx_.index(0, y / block);
      const std::ptrdiff_t from = static_cast<std::ptrdiff_t>(y) * sums.size.width;
      const std::int16_t *px = sums.x.data() + from, *py = sums.y.data() + from;
      for (std::size_t x = 0; x < static_cast<std::size_t>(xx_.width); ++x) {
        int a = 0, b = 0, c = 0;
        for (int k = 0; k < block; ++k, ++px, ++py) a += *px * *px, b += *py * *py, c += *px * *py;
        xx_.values[to + x] += scale * static_cast<float>(a);
        yy_.values[to + x] += scale * static_cast<float>(b);
        xy_.values[to + x] += scale * static_cast<float>(c);
      }
    }
    for (int y = 0; y + 1 < xx_.height; ++y)
      for (int x = 0; x + 1 < xx_.width; ++x) {
        const auto window = [&](const Field& f) {
          return f.at(x, y) + f.at(x + 1, y) + f.at(x, y + 1) + f.at(x + 1, y + 1);
        };
        const float a = window(xx_), b = window(yy_), c = window(xy_);
        // What passes at another speed leaves strong edges too, but few of its own.
        const float corner = (a + b) / 2 - std::sqrt((a - b) * (a - b) / 4 + c * c);
        least_.at(x, y) = corner < floor ? 0 : corner * corner / (.5f * window(power_) + quiet);
      }
  }
  Field xx_, yy_, xy_, power_, least_;
};

/// @param least_way  samples of the halved grid in a stretch.
std::vector<Peak> peaks_of(const PartMeans& means, double least_way) {
  std::vector<Peak> peaks;
  EdgeSums sums(means.size());
  Corners corners(means.size());
  constexpr double step = 1. / (part * finer);
  for (int j = -widest_y * finer; j <= widest_y * finer; ++j)
    for (int i = -widest_x * finer; i <= widest_x * finer; ++i) {
      const double vx = i * step, vy = j * step;
      if (std::hypot(vx, vy) * static_cast<double>(SteadyMotion::frames) < least_way) continue;
      means.sum(vx, vy, sums);
      means.power(vx, vy, corners.power());
      corners.add_peaks(sums, vx, vy, peaks);
    }
  std::sort(peaks.begin(), peaks.end(),
            [](const Peak& a, const Peak& b) { return a.score > b.score; });
  return peaks;
}

/// One of those that are nearly the same, and few of those that move nearly alike: where a camera
/// pans they would be all.
std::vector<Peak> apart(const std::vector<Peak>& peaks) {
  constexpr std::size_t most = 200;
  constexpr std::ptrdiff_t most_alike = 5;
  constexpr double same_velocity = 3. / static_cast<double>(SteadyMotion::frames), alike = .15;
  constexpr int same_place = 10;
  std::vector<Peak> out;
  for (const Peak& p : peaks) {
    if (out.size() == most) break;
    const bool known = std::any_of(out.begin(), out.end(), [&](const Peak& o) {
      return std::abs(o.x - p.x) + std::abs(o.y - p.y) < same_place &&
             std::hypot(o.vx - p.vx, o.vy - p.vy) < same_velocity;
    });
    if (known) continue;
    const auto with_it = std::count_if(out.begin(), out.end(), [&](const Peak& o) {
      return std::hypot(o.vx - p.vx, o.vy - p.vy) < alike;
    });
    if (with_it < most_alike) out.push_back(p);
  }
  return out;
}

/// The patch's mean in each quarter of the stretch, and how alike these are.
class Quarters {
 public:
  explicit Quarters(const std::vector<EdgeBytes>& frames) : frames_(frames) {}

  /// @return the sum of their products: grows with likeness and strength.
  double compare(SteadyMotion& m) {
    for (auto& mean : means_) mean.assign(2 * patch, 0.f);
    const Size size = frames_.front().size;
    for (std::size_t n = 0; n < SteadyMotion::frames; ++n) {
      std::vector<float>& to = means_[n * 4 / SteadyMotion::frames];
      const int x0 = nearest(m.x_at(static_cast<double>(n)) - m.width / 2.),
                y0 = nearest(m.y_at(static_cast<double>(n)) - m.height / 2.);
      const int i0 = std::max(0, -x0), i1 = std::min(m.width, size.width - x0);
      for (int j = std::max(0, -y0); j < std::min(m.height, size.height - y0); ++j) {
        const std::ptrdiff_t from = static_cast<std::ptrdiff_t>(y0 + j) * size.width + x0;
        float* a = to.data() + static_cast<std::ptrdiff_t>(j) * m.width;
        float* b = a + patch;
        for (int i = i0; i < i1; ++i) {
          a[i] += frames_[n].x[static_cast<std::size_t>(from + i)];
          b[i] += frames_[n].y[static_cast<std::size_t>(from + i)];
        }
      }
    }
    double products = 0, powers = 0;
    m.least = 1;
    for (std::size_t i = 0; i < 4; ++i)
      for (std::size_t k = 0; k < i; ++k) {
        const double both = product(means_[i], means_[k]),
                     power =
                         std::sqrt(product(means_[i], means_[i]) * product(means_[k], means_[k])) +
                         1e-6;
        products += both, powers += power;
        m.least = std::min(m.least, both / power);
      }
    m.alike = products / powers;
    return products;
  }

  /// How alike itself the third best of all places apart from it is, moving as it does.
  double third_with(const SteadyMotion& m) {
    std::array<double, 3> best{};
    const Size size = frames_.front().size;
    SteadyMotion other = m;
    for (int y = m.height / 2; y < size.height; y += m.height)
      for (int x = m.width / 2; x < size.width; x += m.width) {
        if (std::fabs(x - m.x) < 2 * m.width && std::fabs(y - m.y) < 2 * m.height) continue;
        other.x = x, other.y = y;
        compare(other);
        if (other.alike <= best[2]) continue;
        best[2] = other.alike;
        std::sort(best.begin(), best.end(), std::greater<>());
      }
    return best[2];
  }

  void refine(SteadyMotion& m) {
    double best = compare(m);
    double step = 4. / static_cast<double>(SteadyMotion::frames);
    for (int round = 0; round < 3; ++round) {
      step /= 2;
      for (int turn = 0; turn < 2; ++turn) {
        const SteadyMotion from = m;
        for (int j = -1; j <= 1; ++j)
          for (int i = -1; i <= 1; ++i) {
            if (i == 0 && j == 0) continue;
            SteadyMotion other = from;
            other.vx += i * step, other.vy += j * step;
            if (const double sum = compare(other); sum > best) best = sum, m = other;
          }
      }
    }
  }

 private:
  static constexpr std::ptrdiff_t patch = SteadyMotion::width * SteadyMotion::height;
  static double product(const std::vector<float>& a, const std::vector<float>& b) {
    float sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return static_cast<double>(sum);
  }
  const std::vector<EdgeBytes>& frames_;
  std::array<std::vector<float>, 4> means_;
};

/// How alike itself another place is that moves nearly the same way.
double elsewhere(const SteadyMotion& m, const std::vector<SteadyMotion>& all) {
  constexpr double far = 34, slow = .25, like = .3;  // samples; of the speed
  double best = 0;
  for (const SteadyMotion& o : all)
    if ((std::fabs(o.x - m.x) >= far || std::fabs(o.y - m.y) >= far) &&
        std::hypot(o.vx - m.vx, o.vy - m.vy) < std::max(slow, like * std::hypot(m.vx, m.vy)))
      best = std::max(best, o.alike);
  return best;
}

}  // namespace

std::vector<SteadyMotion> steady_motions(const EdgeHistory& history, std::size_t first,
                                         double least_way) {
  constexpr std::size_t refined = 6;
  const std::vector<EdgeBytes> frames =
      moving_edges(history, first, SteadyMotion::frames, first, first + SteadyMotion::frames);
  Quarters quarters(frames);
  std::vector<SteadyMotion> all;
  for (const Peak& p : apart(peaks_of(PartMeans(frames), least_way / 2))) {
    SteadyMotion m;
    m.first = first, m.x = 2. * p.x, m.y = 2. * p.y, m.vx = 2 * p.vx, m.vy = 2 * p.vy;
    quarters.compare(m);
    all.push_back(m);
  }
  for (SteadyMotion& m : all) m.elsewhere = elsewhere(m, all);
  // Where a camera pans, all places are alike themselves.
  const auto better = [](const SteadyMotion& a, const SteadyMotion& b) {
    constexpr double chance = .4;  // of another place
    const auto alone = [](const SteadyMotion& m) {
      return m.alike - std::max(0., m.elsewhere - chance);
    };
    return alone(a) > alone(b);
  };
  std::sort(all.begin(), all.end(), better);
  std::vector<SteadyMotion> best(
      all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(refined, all.size())));
  for (SteadyMotion& m : best) {
    quarters.refine(m);
    m.elsewhere = elsewhere(m, all);
    m.with_it = quarters.third_with(m);
  }
  std::sort(best.begin(), best.end(), better);
  return best;
}

}  // namespace cleanplate
