/// @file
/// What a YOLO network's tensors say, in the picture's coordinates.
#pragma once
#include <cleanplate/detection.h>
#include <cleanplate/network.h>
#include <cleanplate/result.h>

#include <vector>

#include "detect/letterbox.h"

namespace cleanplate {

/// How the answer is laid out: v5's [N, anchors, 5 + classes (+ masks)], or v8's and v11's
/// [N, 4 + classes (+ masks), anchors]; with masks a second tensor [N, masks, height, width].
struct YoloLayout {
  bool anchors_first = false;  ///< v5: with a score for "anything" before those of the classes
  int anchors = 0, classes = 0, masks = 0;
  int mask_width = 0, mask_height = 0;
  const float* values = nullptr;  ///< of the first picture
  const float* masks_of = nullptr;
};

/// @return `network`: the tensors are not those of a YOLO export; says which they are.
[[nodiscard]] Result<YoloLayout> yolo_layout(const std::vector<Tensor>& answer, int pictures,
                                             const std::string& model);

/// @param classes      only these; empty: all.
/// @param least_score  0…1.
/// @return overlaps of one place dropped, by falling score, at most 64; boxes inside the picture,
///         masks where the network gives them. `network`: values that are no scores.
[[nodiscard]] Result<std::vector<Detection>> yolo_detections(const YoloLayout& layout, int picture,
                                                             const Letterbox& box, Size size,
                                                             const std::vector<int>& classes,
                                                             double least_score,
                                                             const std::string& model);

}  // namespace cleanplate
