// What a mark's place is mixed of: un-blending alone where it is trusted, as a fill costs most.
#include <algorithm>

#include <catch2/catch.hpp>

#include "composite/overlay_restorer.h"
#include "device/host_device.h"
#include "known_mark.h"
#include "media_clips.h"

using namespace cleanplate;

namespace {

/// Whether a place is filled too, where luma and chroma are trusted so in un-blending.
bool fills(float luma, float chroma) {
  const clips::Folder folder;
  known_mark::write_drawing(folder / "mark.png");
  OverlayModel model = known_mark::laid(folder / "mark.png", 30, 23, .6, 1);
  Mask mask{model.mattes[0].box, {}};
  for (const float a : model.mattes[0].alpha) mask.values.push_back(a > 0 ? 255 : 0);
  for (Matte& matte : model.mattes)
    std::fill(matte.trust.begin(), matte.trust.end(),
              &matte == model.mattes.data() ? luma : chroma);
  RestoreOrder order;
  order.mask = &mask, order.model = &model;
  const VideoInfo video = known_mark::video();
  const Device device(std::make_shared<HostDevice>(Simd::baseline, 1, std::size_t{1} << 30));
  const auto restorer = OverlayRestorer::create(device, video.format, video.size, order);
  REQUIRE(restorer);
  REQUIRE(restorer->unblends());
  return restorer->other_frames();
}

}  // namespace

TEST_CASE("a place is filled beside un-blending only where that brings enough") {
  CHECK_FALSE(fills(.8f, .8f));
  CHECK(fills(.4f, .8f));
  CHECK_FALSE(fills(.8f, .4f));  // hardly seen, as chroma is smooth
  CHECK(fills(.8f, .05f));
}
