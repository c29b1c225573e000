/// @file
/// Finds a mark in steady motion, with no hint where it is.
#pragma once
#include <cleanplate/cancel.h>
#include <cleanplate/detection.h>
#include <cleanplate/frame.h>

#include <array>
#include <vector>

#include "detect/edge_history.h"
#include "detect/mark_sights.h"

namespace cleanplate {

/// What is looked for: on which grid, how often, and how far a mark must come.
struct Pace {
  int columns;    ///< of the grid, along the picture's longer side, about
  double step;    ///< seconds between the frames that are kept, at least
  bool by_clock;  ///< as many a second of any clip; else each, each other, … of its frames
  double way;     ///< samples of the grid in a stretch of SteadyMotion::frames
  double speed;   ///< from one frame that is kept to the next, samples of a grid of just so many
                  ///< columns
  double travel;  ///< samples of the grid, of what goes straight on
  double alike;   ///< of that, to its mean
  std::size_t outside;    ///< groups beside the stretch in which that must be seen
  std::size_t stretches;  ///< at most
  std::size_t frames;     ///< that are kept, at most
};
/// What crosses the picture, or turns back.
constexpr Pace at_speed{208, 1. / 32, false, 16, .33, 50, .7, 1, 4, 960};
/// What drifts by its own length in a few seconds, which is seen in all of a stretch only, and to
/// which un-blending must say the rest. @param seconds  of the clip: a short one is a stretch.
[[nodiscard]] Pace adrift(double seconds);

/// Score of what keeps its shape and its way in all of the clip, as scenery seldom does: it needs
/// less of a proof.
constexpr double rigid_score = .7;

struct MovingMark {
  Candidate candidate;
  double seconds = 0;  ///< of the frame in which its box is told
  int reach = 0;       ///< as Region::reach: its fainter edges may be as far beside its box
  double likely = 0;   ///< share of the frames in which it goes on, times its likeness there
  struct Sight {
    double seconds = 0;
    double x = 0, y = 0;  ///< of its box's top left, luma samples
  };
  std::vector<Sight> sights;  ///< here and there on its way, to about two samples of the grid
};

/// A mark keeps its shape to the sample and its speed for as long as it is there, whatever the
/// scene does, and turns back at the picture's edges. Things in the scene turn, come nearer, speed
/// up and leave: the same patch is not seen to go on so in most of the clip.
/// It is looked for by luma's edges first, then by any plane's.
/// Memory: four bytes a sample of the grid and frame that is kept. Threads: one object,
/// one thread at a time.
class MovingMarkFinder {
 public:
  explicit MovingMarkFinder(Size picture, const Pace& pace = at_speed);
  /// @param seconds  from the clip's first frame.
  void add(const Frame& frame, double seconds);
  /// The frames that follow do not continue those before.
  void restart();
  /// No more frames; takes a second or two.
  /// @return what was looked at, the accepted one first, one at most; nothing if cancelled.
  [[nodiscard]] std::vector<MovingMark> find(const CancelToken& cancel) const;

 private:
  struct Run {
    std::size_t from, to;
  };
  struct Way {
    std::vector<MarkSights::Seen> seen;  ///< groups of frames where it goes on as it should
    std::size_t groups = 0;              ///< all that were looked at
    double alike = 0;                    ///< mean
    bool turns = false;
  };
  [[nodiscard]] std::vector<Run> stretches() const;
  struct Place;
  [[nodiscard]] std::vector<Place> places(const SteadyMotion& motion) const;
  static void chain(const MarkSights& sights, std::vector<Place>& places);
  [[nodiscard]] Way way_of(const MarkSights& sights) const;
  [[nodiscard]] MovingMark judged(const MarkSights& sights, const Way& way) const;
  [[nodiscard]] Box box_of(const MarkSights& sights, const Way& way, int& reach) const;
  bool look(const EdgeHistory& history, std::size_t stretch, std::vector<MovingMark>& marks,
            const CancelToken& cancel) const;
  [[nodiscard]] std::size_t frames() const { return histories_[0].frames(); }

  Size picture_;
  Pace pace_;
  double due_ = 0;                        // seconds of the next frame that is kept
  std::array<EdgeHistory, 2> histories_;  // luma's edges, and any plane's where those show none
  std::vector<double> seconds_;
  std::vector<Run> runs_;
};

}  // namespace cleanplate
