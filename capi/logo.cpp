// Masters: what is in a file, and a plan's overlays as one.
#include <cleanplate/logo.h>

#include "call.h"
#include "objects.h"

using namespace cleanplate;
using namespace cleanplate::capi;

namespace {

constexpr std::size_t least_logo = CAPI_THROUGH(cleanplate_logo_info, height);

Result<Logo> master_of(const PlanObject& object, std::size_t index, std::size_t number) {
  const PlannedOverlay& overlay = object.plan.overlays[index];
  if (!overlay.model)
    return invalid("Nothing could be told of the opacity and colour of overlay " +
                   std::to_string(index) + ", so there is no master to write.");
  if (!object.video)
    return invalid(
        "The video that the plan is of could not be looked at again, so its colours are not "
        "known; make the plan anew.");
  CAPI_TRY(Logo logo, logo_of(*overlay.model, *object.video));
  logo.name = "cleanplate " + std::to_string(number) + " " +
              std::to_string(object.video->size.width) + "x" +
              std::to_string(object.video->size.height);
  return logo;
}

Result<std::vector<Logo>> masters_of(const PlanObject& object, std::int32_t index) {
  const auto& overlays = object.plan.overlays;
  std::vector<Logo> logos;
  if (index != -1) {
    CAPI_TRY(const std::size_t i, index_in(index, overlays.size(), "overlay"));
    CAPI_TRY(Logo logo, master_of(object, i, 1));
    logos.push_back(std::move(logo));
    return logos;
  }
  for (std::size_t i = 0; i < overlays.size(); ++i) {
    if (!overlays[i].model) continue;
    CAPI_TRY(Logo logo, master_of(object, i, logos.size() + 1));
    logos.push_back(std::move(logo));
  }
  if (logos.empty())
    return invalid(
        "The opacity and colour of no overlay of the plan could be told, so there is no "
        "master to write.");
  return logos;
}

}  // namespace

extern "C" {

int32_t cleanplate_logo_read_info(const char* path, int32_t index, cleanplate_logo_info* out,
                                  cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(path, "path"));
    CAPI_CHECK(can_give(out, least_logo, "out"));
    CAPI_TRY(const auto logos, read_logos(path));
    CAPI_TRY(const std::size_t i, index_in(index, logos.size(), "logo"));
    const Logo& logo = logos[i];
    cleanplate_logo_info info{};
    info.count = static_cast<std::int32_t>(logos.size());
    info.width = logo.size.width, info.height = logo.size.height;
    info.placed = logo.placed;
    info.x = logo.x, info.y = logo.y;
    copy_text(info.name, logo.name);
    return give_struct(out, info, least_logo, "out");
  });
}

int32_t cleanplate_plan_write_logo(const cleanplate_plan* plan, int32_t index, const char* path,
                                   cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, look_up<PlanObject>(plan));
    CAPI_CHECK(needed(path, "path"));
    CAPI_TRY(const auto logos, masters_of(*object, index));
    return to_code(write_logos(path, logos));
  });
}

}  // extern "C"
