/// @file
/// What a scan found: all that a restore pass needs to know beforehand.
#pragma once
#include <cleanplate/detection.h>
#include <cleanplate/gain.h>
#include <cleanplate/overlay.h>
#include <cleanplate/report.h>
#include <cleanplate/text.h>

#include <memory>
#include <vector>

namespace cleanplate {

/// When an overlay is there, in seconds from the first frame; the end is exclusive.
struct TimeRange {
  double from = 0, to = 1e300;
  [[nodiscard]] bool holds(double seconds) const { return seconds >= from && seconds < to; }
};

/// Where an overlay is for a while, against `detection.box`, `support` and `model`.
struct Stay {
  TimeRange when;
  double dx = 0, dy = 0;  ///< luma samples
};

/// One overlay of the plan; its number is its index.
struct PlannedOverlay {
  Detection detection;
  std::shared_ptr<const Mask> support;        ///< to the sample, soft edges and shadow included
  std::shared_ptr<const OverlayModel> model;  ///< null: nothing could be estimated
  Method method = Method::fill;               ///< what `auto` came to
  TimeRange when;
  /// By rising time, within `when`; empty: at its place for all of it.
  std::vector<Stay> stays = {};
  /// What the gain is measured by, frame by frame; null: it is there at 1 in every frame.
  std::shared_ptr<const OverlayModel> appearance = nullptr;
  GainHistory gain = {};
  /// Of text that changes: in each frame its glyphs alone are filled, `support` is where they may
  /// be. Null: all of `support` is the overlay.
  std::shared_ptr<const TextLook> text = nullptr;
};

struct Plan {
  static constexpr int version = 1;
  std::vector<PlannedOverlay> overlays;
  std::vector<Candidate> candidates;      ///< what was looked at, with reasons
  std::vector<Degradation> degradations;  ///< of the looking
  std::int64_t frames_examined = 0;
  int batch = 1;  ///< most frames that the detector's network was given in one pass
};

}  // namespace cleanplate
