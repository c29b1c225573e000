#include "matte/contrast.h"

#include <Eigen/IterativeLinearSolvers>
#include <Eigen/SparseCore>
#include <algorithm>
#include <cmath>
#include <future>
#include <vector>

namespace cleanplate {

namespace {
struct Gradients {
  Field x, y;
};

Gradients gradients(const Field& f) {
  Gradients g{Field(f.width, f.height), Field(f.width, f.height)};
  for (int y = 0; y < f.height; ++y)
    for (int x = 0; x < f.width; ++x) {
      g.x.at(x, y) = f.at(x, y) - f.clamped(x - 1, y);
      g.y.at(x, y) = f.at(x, y) - f.clamped(x, y - 1);
    }
  return g;
}

/// The gradient of a line that runs straight along `values`, one side of a place; 0: of none.
float line_along(std::vector<float> values, float least) {
  constexpr float even = .25f;    // share of it, that its samples are off…
  constexpr double mostly = .8;   // …so many of them
  constexpr std::size_t few = 6;  // samples
  if (values.size() < few) return 0;
  const float middle = quantile(values, .5);
  const auto like = std::count_if(values.begin(), values.end(), [&](float v) {
    return std::abs(v - middle) <= even * std::abs(middle);
  });
  const bool is = std::abs(middle) >= least &&
                  static_cast<double>(like) >= mostly * static_cast<double>(values.size());
  return is ? middle : 0;
}

/// A straight line along a row (column) that is the same on both sides of the place, as a
/// letterbox's edge is, is the scene's, and runs on through it.
/// @param g  across the rows (columns).
void take_off_lines(Field& g, const Field& where, bool rows, float least) {
  constexpr int smear = 2;     // samples beside the place
  constexpr float same = .8f;  // of the stronger side
  const int lines = rows ? g.height : g.width, length = rows ? g.width : g.height;
  const auto at = [&](int line, int k) {
    return static_cast<std::size_t>(rows ? line * g.width + k : k * g.width + line);
  };
  for (int line = 0; line < lines; ++line) {
    int first = length, last = -1;
    for (int k = 0; k < length; ++k)
      if (where.values[at(line, k)] > 0) first = std::min(first, k), last = k;
    if (last < 0) continue;
    std::vector<float> before, after;
    for (int k = 0; k < first - smear; ++k) before.push_back(g.values[at(line, k)]);
    for (int k = last + 1 + smear; k < length; ++k) after.push_back(g.values[at(line, k)]);
    const float a = line_along(std::move(before), least), b = line_along(std::move(after), least);
    const float weaker = std::abs(a) < std::abs(b) ? a : b, stronger = weaker == a ? b : a;
    if (weaker * stronger <= 0 || weaker / stronger < same) continue;
    for (int k = first; k <= last; ++k) g.values[at(line, k)] -= (a + b) / 2;
  }
}

/// Less by what chance leaves: large gradients are kept whole, small ones vanish.
void shrink(Field& f, float chance, const Field& where) {
  for (std::size_t i = 0; i < f.size(); ++i) {
    float& g = f.values[i];
    const float ratio = g == 0 ? 1.f : chance / g;
    const float keep = 1.f - ratio * ratio * ratio * ratio;
    g *= where.values[i] > 0 && keep > 0 ? keep : 0.f;
  }
}

/// The differences between means of 2×2 blocks.
Gradients halved(const Field& gx, const Field& gy) {
  const int w = gx.width / 2, h = gx.height / 2;
  Gradients out{Field(w, h), Field(w, h)};
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x) {
      float sx = 0, sy = 0;
      for (int k = 0; k < 2; ++k) {
        const int row = 2 * y + k, column = 2 * x + k;
        sx += gx.clamped(2 * x - 1, row) + 2 * gx.at(2 * x, row) + gx.clamped(2 * x + 1, row);
        sy += gy.clamped(column, 2 * y - 1) + 2 * gy.at(column, 2 * y) +
              gy.clamped(column, 2 * y + 1);
      }
      out.x.at(x, y) = sx / 4, out.y.at(x, y) = sy / 4;
    }
  return out;
}
}  // namespace

float extent(const Field& f, double q) {
  std::vector<float> size(f.size());
  for (std::size_t i = 0; i < f.size(); ++i) size[i] = std::abs(f.values[i]);
  return quantile(std::move(size), q);
}

Field integrate(const Field& gx, const Field& gy) {
  const int w = gx.width, h = gx.height, n = w * h;
  std::vector<Eigen::Triplet<double>> entries;
  entries.reserve(static_cast<std::size_t>(n) * 3);
  Eigen::VectorXd right(n);
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x) {
      const int i = y * w + x;
      entries.emplace_back(i, i, 4.);
      if (x + 1 < w) entries.emplace_back(i + 1, i, -1.);
      if (y + 1 < h) entries.emplace_back(i + w, i, -1.);
      const float in = gx.at(x, y) + gy.at(x, y);
      const float out = (x + 1 < w ? gx.at(x + 1, y) : 0) + (y + 1 < h ? gy.at(x, y + 1) : 0);
      right[i] = static_cast<double>(in - out);
    }
  Eigen::SparseMatrix<double> laplace(n, n);
  laplace.setFromTriplets(entries.begin(), entries.end());
  Eigen::ConjugateGradient<Eigen::SparseMatrix<double>, Eigen::Lower,
                           Eigen::IncompleteCholesky<double>>
      solver(laplace);
  solver.setTolerance(1e-3);
  solver.setMaxIterations(400);
  // Half the size first: what is slow to spread over the whole field is right from the start.
  Eigen::VectorXd start = Eigen::VectorXd::Zero(n);
  if (n > 64 * 64) {
    const Gradients half = halved(gx, gy);
    const Field coarse = enlarged(integrate(half.x, half.y), {w, h});
    for (int i = 0; i < n; ++i)
      start[i] = static_cast<double>(coarse.values[static_cast<std::size_t>(i)]);
  }
  const Eigen::VectorXd u = solver.solveWithGuess(right, start);
  Field out(w, h);
  for (int i = 0; i < n; ++i) out.values[static_cast<std::size_t>(i)] = static_cast<float>(u[i]);
  return out;
}

StaticContrast static_contrast(const CropStack& seen, const CropStack& placebo, const Field& hint) {
  constexpr float least_line = 6;  // 8-bit levels a sample
  const float least = std::ldexp(least_line, seen.format().bits - 8);
  StaticContrast out;
  for (int c = 0; c < seen.format().components(); ++c) {
    const int sx = c ? seen.format().chroma_shift_x() : 0;
    const int sy = c ? seen.format().chroma_shift_y() : 0;
    const Field where = reduced(hint, sx, sy);
    Gradients here = gradients(seen.mean(c)), elsewhere = gradients(placebo.mean(c));
    const Field where_there = laid_on(where, {elsewhere.x.width, elsewhere.x.height});
    take_off_lines(here.x, where, false, least), take_off_lines(here.y, where, true, least);
    take_off_lines(elsewhere.x, where_there, false, least);
    take_off_lines(elsewhere.y, where_there, true, least);
    const float chance_x = extent(elsewhere.x, .95), chance_y = extent(elsewhere.y, .95);
    shrink(here.x, chance_x, where), shrink(here.y, chance_y, where);
    shrink(elsewhere.x, chance_x, where_there), shrink(elsewhere.y, chance_y, where_there);
    auto beside =
        std::async(std::launch::async, [&] { return integrate(elsewhere.x, elsewhere.y); });
    out.here[static_cast<std::size_t>(c)] = integrate(here.x, here.y);
    out.elsewhere[static_cast<std::size_t>(c)] = beside.get();
  }
  return out;
}

}  // namespace cleanplate
