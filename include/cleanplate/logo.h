/// @file
/// A mark's master, known beforehand: read from a file, written to one, laid on a clip.
#pragma once
#include <cleanplate/geometry.h>
#include <cleanplate/media_info.h>
#include <cleanplate/overlay.h>
#include <cleanplate/result.h>

#include <array>
#include <string>
#include <vector>

namespace cleanplate {

/// Opacity and colour on a grid of its own, whatever a clip's depth and range.
struct Logo {
  std::string name;  ///< as the file has it, bytes; empty in a PNG
  Size size;
  bool placed = false;  ///< the file says where it lies
  int x = 0, y = 0;     ///< luma samples, top left, if placed
  /// Colours are R', G', B', 0…1; else Y' 0…1 and Cb, Cr −0.5…0.5 of a matrix (CICP; 2: not told).
  bool rgb = false;
  int matrix = 2;
  /// Rows of size.width for Y, Cb, Cr or R, G, B; the opacities are alike in R, G, B.
  std::array<std::vector<float>, 3> alpha, colour;
};

/// By what a file begins with: a PNG with alpha; `.lgd` (one) and `.ldp` (a pack) of the AviUtl
/// delogo family, versions 0.1 and 0.2, little-endian, opacity in 1/1000, colour as YC48.
/// @return one or more; `not_found`, `unreadable`: no such file, cut short, absurd sizes.
[[nodiscard]] Result<std::vector<Logo>> read_logos(const std::string& path);
/// By the name's ending: `.png` (one, 8 bits a channel), `.lgd` (one), `.ldp`; else an error.
/// Opacities come back within 0.0005 from `.lgd` and 0.002 from `.png`, colours within 1/4096 and
/// 1/255 of the range; a PNG holds one opacity and only colours that R'G'B' has.
/// @return `invalid_argument`, `unwritable`, `disk_full`; nothing is left behind.
[[nodiscard]] Result<void> write_logos(const std::string& path, const std::vector<Logo>& logos);

/// How a master's samples become a clip's.
enum class Scaling : std::int32_t { area = 0, linear = 1, cubic = 2 };

struct LogoPlace {
  double x = 0, y = 0;  ///< luma samples: the clip's place of the master's top left edge
  double scale_x = 1, scale_y = 1;  ///< clip samples per sample of the master
  double gain = 1;                  ///< factor on the opacity
  Scaling scaling = Scaling::area;  ///< enlarged, `area` is `linear`
  bool chroma_left = false;         ///< chroma was taken at the left luma column, not between two
};

/// The model of a master at a place, in the clip's planes; `confidence` 1, `trust` 1 where less
/// than opaque. The mattes' boxes reach `margin` luma samples past it, where the picture does.
/// @return `invalid_argument`: nothing of it is inside the picture, a scale that is not positive.
[[nodiscard]] Result<OverlayModel> place_logo(const Logo& logo, const LogoPlace& place,
                                              const VideoInfo& video, int margin = 8);
/// A model as a master in Y, Cb, Cr, cut to where its opacity is above 1/500, to even samples.
/// @return `invalid_argument`: a model without any.
[[nodiscard]] Result<Logo> logo_of(const OverlayModel& model, const VideoInfo& video);

}  // namespace cleanplate
