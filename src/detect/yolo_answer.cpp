#include "detect/yolo_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/try.h"
#include "frame/field.h"

namespace cleanplate {

namespace {

constexpr double same_place = .45;  // IoU from which the weaker of two boxes is dropped
constexpr std::size_t most = 64;
constexpr std::size_t most_looked_at = 2000;

Error no_yolo(const std::string& model, const std::string& why) {
  return {Code::network, "detect",
          fmt::format("The answer of the network {} is not that of a YOLO export: {}. Export it to "
                      "TorchScript as v5, v8 or v11 (boxes or segmentation), without NMS inside.",
                      model, why)};
}

std::string shapes(const std::vector<Tensor>& tensors) {
  std::string text;
  for (const Tensor& t : tensors) {
    text += text.empty() ? "[" : ", [";
    for (int i = 0; i < t.view.rank; ++i)
      text += fmt::format("{}{}", i ? ", " : "", t.view.shape[static_cast<std::size_t>(i)]);
    text += "]";
  }
  return text.empty() ? "nothing" : text;
}

struct Raw {
  double x0, y0, x1, y1, score;  // in the square
  int kind, anchor;
};

double overlap(const Raw& a, const Raw& b) {
  const double w = std::min(a.x1, b.x1) - std::max(a.x0, b.x0),
               h = std::min(a.y1, b.y1) - std::max(a.y0, b.y0);
  if (w <= 0 || h <= 0) return 0;
  const double both = w * h;
  return both / ((a.x1 - a.x0) * (a.y1 - a.y0) + (b.x1 - b.x0) * (b.y1 - b.y0) - both);
}

/// One picture's numbers, whichever way they lie.
class Answer {
 public:
  Answer(const YoloLayout& layout, int picture)
      : layout_(layout),
        channels_((layout.anchors_first ? 5 : 4) + layout.classes + layout.masks),
        values_(layout.values + static_cast<std::ptrdiff_t>(picture) * channels_ * layout.anchors) {
  }
  [[nodiscard]] double at(int channel, int anchor) const {
    const std::ptrdiff_t i = layout_.anchors_first
                                 ? static_cast<std::ptrdiff_t>(anchor) * channels_ + channel
                                 : static_cast<std::ptrdiff_t>(channel) * layout_.anchors + anchor;
    return static_cast<double>(values_[i]);
  }
  [[nodiscard]] int first_class() const { return layout_.anchors_first ? 5 : 4; }

 private:
  const YoloLayout& layout_;
  int channels_;
  const float* values_;
};

/// Where the mask's logit is above 0, sampled at each of the picture's samples in the box.
std::shared_ptr<const Mask> mask_of(const YoloLayout& layout, int picture, const Answer& answer,
                                    int anchor, const Letterbox& square, const Box& box) {
  const int w = layout.mask_width, h = layout.mask_height;
  const auto plane = static_cast<std::ptrdiff_t>(w) * h;
  const float* planes = layout.masks_of + picture * layout.masks * plane;
  const double sx = static_cast<double>(w) / square.side, sy = static_cast<double>(h) / square.side;
  const auto place = [&](int x, int y) {
    return std::pair(((x + .5) * square.scale + square.left) * sx - .5,
                     ((y + .5) * square.scale + square.top) * sy - .5);
  };
  const auto [fx0, fy0] = place(box.x, box.y);
  const auto [fx1, fy1] = place(box.right() - 1, box.bottom() - 1);
  const int x0 = std::clamp(static_cast<int>(std::floor(fx0)), 0, w - 1),
            y0 = std::clamp(static_cast<int>(std::floor(fy0)), 0, h - 1),
            x1 = std::clamp(static_cast<int>(std::floor(fx1)) + 1, 0, w - 1),
            y1 = std::clamp(static_cast<int>(std::floor(fy1)) + 1, 0, h - 1);
  Field logits(x1 - x0 + 1, y1 - y0 + 1);
  for (int k = 0; k < layout.masks; ++k) {
    const auto weight =
        static_cast<float>(answer.at(answer.first_class() + layout.classes + k, anchor));
    for (int y = y0; y <= y1; ++y)
      for (int x = x0; x <= x1; ++x)
        logits.at(x - x0, y - y0) +=
            weight * planes[k * plane + static_cast<std::ptrdiff_t>(y) * w + x];
  }
  auto mask = std::make_shared<Mask>();
  mask->box = box;
  mask->values.reserve(static_cast<std::size_t>(box.area()));
  bool any = false;
  for (int y = box.y; y < box.bottom(); ++y)
    for (int x = box.x; x < box.right(); ++x) {
      const auto [fx, fy] = place(x, y);
      const int ix = static_cast<int>(std::floor(fx)), iy = static_cast<int>(std::floor(fy));
      const auto px = static_cast<float>(fx - ix), py = static_cast<float>(fy - iy);
      const auto logit = [&](int dx, int dy) { return logits.clamped(ix + dx - x0, iy + dy - y0); };
      const float value = (logit(0, 0) * (1 - px) + logit(1, 0) * px) * (1 - py) +
                          (logit(0, 1) * (1 - px) + logit(1, 1) * px) * py;
      any = any || value > 0;
      mask->values.push_back(value > 0 ? 255 : 0);
    }
  return any ? mask : nullptr;
}

}  // namespace

Result<YoloLayout> yolo_layout(const std::vector<Tensor>& answer, int pictures,
                               const std::string& model) {
  const TensorView *boxes = nullptr, *masks = nullptr;
  int maps = 0;
  for (const Tensor& t : answer) {
    if (t.view.rank == 3 && !boxes) boxes = &t.view;
    if (t.view.rank == 4) masks = &t.view, ++maps;
  }
  if (maps != 1) masks = nullptr;  // what exports keep of their inner layers
  if (!boxes)
    return no_yolo(model,
                   fmt::format("it is {}, where one tensor of three dimensions is looked for",
                               shapes(answer)));
  if (boxes->type != Scalar::f32 || (masks && masks->type != Scalar::f32))
    return no_yolo(model, "its numbers are not 32-bit floats");
  if (boxes->shape[0] != pictures || (masks && masks->shape[0] != pictures))
    return no_yolo(model, fmt::format("it is {} for {} pictures", shapes(answer), pictures));
  YoloLayout out;
  out.anchors_first = boxes->shape[1] > boxes->shape[2];
  const std::int64_t channels = boxes->shape[out.anchors_first ? 2 : 1],
                     anchors = boxes->shape[out.anchors_first ? 1 : 2];
  if (masks) {
    out.masks = static_cast<int>(masks->shape[1]);
    out.mask_height = static_cast<int>(masks->shape[2]);
    out.mask_width = static_cast<int>(masks->shape[3]);
  }
  const std::int64_t classes = channels - (out.anchors_first ? 5 : 4) - out.masks;
  if (classes < 1 || anchors > 10'000'000 || classes > 100'000 ||
      (masks && (out.mask_height < 1 || out.mask_width < 1)))
    return no_yolo(model, fmt::format("{} leaves no place for the scores of classes beside {} for "
                                      "the box{}",
                                      shapes(answer), out.anchors_first ? 5 : 4,
                                      masks ? fmt::format(" and {} for the mask", out.masks) : ""));
  out.classes = static_cast<int>(classes);
  out.anchors = static_cast<int>(anchors);
  out.values = static_cast<const float*>(boxes->data);
  out.masks_of = masks ? static_cast<const float*>(masks->data) : nullptr;
  return out;
}

Result<std::vector<Detection>> yolo_detections(const YoloLayout& layout, int picture,
                                               const Letterbox& square, Size size,
                                               const std::vector<int>& classes, double least_score,
                                               const std::string& model) {
  return guarded("detect", [&]() -> Result<std::vector<Detection>> {
    for (const int c : classes)
      if (c >= layout.classes)
        return Error{Code::invalid_option, "detect",
                     fmt::format("Option 'detector_classes' names the class {}, but the network {} "
                                 "has {} (from 0); correct it.",
                                 c, model, layout.classes)};
    const Answer answer(layout, picture);
    std::vector<Raw> raw;
    for (int a = 0; a < layout.anchors; ++a) {
      const double anything = layout.anchors_first ? answer.at(4, a) : 1;
      if (!(anything >= least_score)) continue;
      double best = 0;
      int kind = -1;
      const auto look = [&](int c) {
        const double score = answer.at(answer.first_class() + c, a);
        if (score > best) best = score, kind = c;
      };
      if (classes.empty())
        for (int c = 0; c < layout.classes; ++c) look(c);
      else
        for (const int c : classes) look(c);
      if (anything > 1.001 || best > 1.001)
        return no_yolo(model, fmt::format("it gives a score of {:.3g}, where 0 to 1 can be",
                                          std::max(anything, best)));
      const double score = anything * best;
      if (kind < 0 || !(score >= least_score)) continue;
      const double x = answer.at(0, a), y = answer.at(1, a), w = answer.at(2, a),
                   h = answer.at(3, a);
      if (!std::isfinite(x + y + w + h) || w <= 0 || h <= 0) continue;
      const auto inside = [&](double v) { return std::clamp<double>(v, 0, square.side); };
      raw.push_back({inside(x - w / 2), inside(y - h / 2), inside(x + w / 2), inside(y + h / 2),
                     std::min(score, 1.), kind, a});
    }
    std::stable_sort(raw.begin(), raw.end(),
                     [](const Raw& a, const Raw& b) { return a.score > b.score; });
    if (raw.size() > most_looked_at) raw.resize(most_looked_at);
    std::vector<Raw> kept;
    std::vector<Detection> out;
    for (const Raw& r : raw) {
      if (kept.size() >= most) break;
      // One place is one overlay, whatever its class.
      if (std::any_of(kept.begin(), kept.end(),
                      [&](const Raw& k) { return overlap(k, r) > same_place; }))
        continue;
      const int x0 = static_cast<int>(std::floor(square.picture_x(r.x0) + .01)),
                y0 = static_cast<int>(std::floor(square.picture_y(r.y0) + .01)),
                x1 = static_cast<int>(std::ceil(square.picture_x(r.x1) - .01)),
                y1 = static_cast<int>(std::ceil(square.picture_y(r.y1) - .01));
      const Box box = Box{x0, y0, x1 - x0, y1 - y0}.intersect({0, 0, size.width, size.height});
      if (box.empty()) continue;
      kept.push_back(r);
      Detection d;
      d.box = box;
      d.score = r.score;
      d.kind = fmt::format("class {}", r.kind);
      if (layout.masks_of) d.mask = mask_of(layout, picture, answer, r.anchor, square, box);
      out.push_back(std::move(d));
    }
    return out;
  });
}

}  // namespace cleanplate
