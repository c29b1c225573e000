#include "pipeline/course.h"

#include <cleanplate/video_encoder.h>

#include <optional>
#include <string_view>
#include <utility>

#include "device/host_device.h"

namespace cleanplate {

namespace {
constexpr std::string_view of_card = "_nvenc";

/// The best of the same codec that is not the card's; empty: there is none.
std::string software_for(const std::string& encoder) {
  for (std::string& name : encoder_ladder(encoder.substr(0, encoder.size() - of_card.size())))
    if (!name.ends_with(of_card)) return std::move(name);
  return {};
}

/// But for what the sentence says is to be done.
std::string reason_of(const Error& why) {
  return why.message.substr(0, why.message.find(';')) + "; the job was begun again";
}
}  // namespace

bool step_back(const Error& why, Course& course) {
  if (course.options.strict) return false;
  const bool lost = why.code == Code::device && course.device.core().card().has_value();
  const bool refused = why.code == Code::encoder || why.code == Code::out_of_memory;
  const std::string encoder = std::exchange(course.encoder, {});
  const bool card_encodes = encoder.ends_with(of_card);
  if (!lost && !(refused && card_encodes)) return false;

  const std::string software = card_encodes ? software_for(encoder) : std::string();
  if (!lost) {
    if (software.empty()) return false;
    course.steps_back.push_back({"encode", encoder, software, reason_of(why), 0});
    course.options.encoder = software;
    return true;
  }
  auto host = HostDevice::create(course.options);
  if (!host) return false;
  const Device on(*std::move(host));
  course.steps_back.push_back({"device", course.device.name(), on.name(), reason_of(why), 0});
  course.options.device = "cpu";
  if (!software.empty()) course.options.encoder = software;
  course.device = on;
  return true;
}

}  // namespace cleanplate
