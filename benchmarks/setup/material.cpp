#include "setup/material.h"

#include <fmt/format.h>

#include <filesystem>

#include "quality/ours.h"
#include "quality/picture.h"

namespace bench {

namespace {
constexpr int told_margin = 6;  // luma samples, as a user draws a box
}

Material::Material(const MaterialOrder& order) : input_(scratch_ / "input.mp4") {
  const std::string clean = scratch_ / "clean.mp4";
  words_ = make_clip(order.clip, clean);
  quality::CaseOrder wanted;
  wanted.clip = clean;
  wanted.logo = order.logo;
  wanted.kind = order.kind;
  wanted.strength = order.strength;
  wanted.corner = order.corner;
  wanted.frames = 1 << 30;
  wanted.preset = "veryfast";
  made_ = std::make_unique<quality::Case>(wanted, input_, "");
  std::filesystem::remove(clean);
  region_ = quality::told_region(*made_);
  if (order.kind == "moving") {  // where it is in the first frame, and when
    const cleanplate::Box first = made_->first_box().grown(told_margin);
    region_ = fmt::format("{},{},{},{}@0-0.01", first.x, first.y, first.width, first.height);
  }
  const cleanplate::Box b = made_->support_box();
  box_ = std::to_string(b.x) + "," + std::to_string(b.y) + "," + std::to_string(b.width) + "," +
         std::to_string(b.height);
  mask_ = scratch_ / "mask.png";
  quality::write_png(mask_, made_->size().width, made_->size().height, 1, made_->support_map());
  words_ += ", " +
            (order.logo.empty() ? std::string("a drawn mark")
                                : std::filesystem::path(order.logo).stem().string()) +
            (order.kind == "moving" ? ", moving," : "") +
            (order.kind == "seethrough" || order.kind == "moving"
                 ? " at " + std::to_string(static_cast<int>(100 * order.strength + .5)) + " %"
                 : ", " + order.kind) +
            ", H.264 crf 18 veryfast";
}

std::string Material::looped(int times) {
  std::string path = scratch_ / "looped" + std::to_string(times) + ".mp4";
  if (!std::filesystem::exists(path)) repeat_clip(input_, times, path);
  return path;
}

}  // namespace bench
