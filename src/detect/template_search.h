/// @file
/// Where in a clip a master is, at what size.
#pragma once
#include <cleanplate/logo.h>

#include <array>
#include <map>
#include <optional>
#include <vector>

#include "detect/template_evidence.h"

namespace cleanplate {

struct TemplateMatch {
  std::size_t logo = 0;  ///< of those looked for
  LogoPlace place;
  double fit = 0;    ///< share of the static edges in its box that the master explains, 0…1
  double rival = 0;  ///< the same of the best place that is not this one
  Box box;           ///< luma samples
};

/// Normalised cross-correlation of gradients, coarse to fine, over place and scale. The pattern is
/// a sum of the master's αW and α, as what lies behind it is not known. A master with colours is
/// held against luma and chroma, then laid to parts of a sample by luma where that tells.
/// Threads: one object, one thread at a time.
class TemplateSearch {
 public:
  TemplateSearch(const TemplateEvidence& evidence, const VideoInfo& video,
                 const std::vector<Logo>& logos);
  /// The best match of any of these. @param within  luma samples; empty: anywhere.
  /// @param first, last  numbers of the logos; the last is not among them.
  [[nodiscard]] std::optional<TemplateMatch> find(const Box& within, std::size_t first,
                                                  std::size_t last);

 private:
  struct Spot {
    std::size_t logo;
    LogoPlace place;
    double fit;
  };
  using Levels = std::array<TemplateLevel, 3>;
  const Levels& levels(int reduction);
  /// The levels where the master's longer side has about so many samples.
  const Levels& levels_for(const Logo& logo, double scale, int side);
  /// @param components  of those that the logo is held against.
  [[nodiscard]] double fit(const Levels& levels, std::size_t logo, const LogoPlace& place,
                           int components) const;
  void scan(std::size_t logo, double scale, const Box& within, std::vector<Spot>& spots);
  void refine(Spot& spot, int side, double step, bool both_scales, int components);
  void settle(Spot& spot, int components);
  [[nodiscard]] Box box_of(const Spot& spot) const;
  [[nodiscard]] static bool best_first(const Spot& a, const Spot& b);
  [[nodiscard]] bool allowed(const Spot& spot, const Box& within) const;

  const TemplateEvidence& evidence_;
  const VideoInfo& video_;
  const std::vector<Logo>& logos_;
  std::vector<int> components_;  // 1: a logo without colour
  std::map<int, Levels> levels_;
};

}  // namespace cleanplate
