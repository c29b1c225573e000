#include "matte/contrast.h"

#include <Eigen/IterativeLinearSolvers>
#include <Eigen/SparseCore>
#include <cmath>
#include <future>

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
  StaticContrast out;
  for (int c = 0; c < seen.format().components(); ++c) {
    const int sx = c ? seen.format().chroma_shift_x() : 0;
    const int sy = c ? seen.format().chroma_shift_y() : 0;
    const Field where = reduced(hint, sx, sy);
    Gradients here = gradients(seen.mean(c)), elsewhere = gradients(placebo.mean(c));
    const float chance_x = extent(elsewhere.x, .95), chance_y = extent(elsewhere.y, .95);
    const Field where_there = laid_on(where, {elsewhere.x.width, elsewhere.x.height});
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
