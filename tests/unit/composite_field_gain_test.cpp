// A mark that comes and goes between the two fields of an interlaced frame.
#include <cleanplate/inpainter.h>
#include <catch2/catch.hpp>

#include "device/host_device.h"
#include "known_mark.h"
#include "matte/field_model.h"
#include "media_clips.h"

using namespace cleanplate;
using known_mark::Scene;

namespace {

constexpr int frames = 30, comes = 11;

OverlayModel model() {
  const clips::Folder folder;
  known_mark::write_drawing(folder / "mark.png");
  return known_mark::laid(folder / "mark.png", 30, 23, .6, 1);
}

/// Takes from another frame the rows of one parity.
void take_rows(Frame& into, const Frame& from, int parity) {
  for (int c = 0; c < 3; ++c) {
    const MutableComponentView to = into.writable(c);
    const ComponentView there = from.component(c);
    for (int y = parity; y < to.height; y += 2)
      std::copy_n(there.data + y * there.stride, to.width, to.data + y * to.stride);
  }
}

/// Root mean square in the rows of one parity of the mark's place.
double off(const Frame& a, const Frame& b, const Box& place, int parity) {
  double sum = 0, n = 0;
  for (int y = place.y; y < place.bottom(); ++y)
    for (int x = place.x; x < place.right(); ++x) {
      if ((y & 1) != parity) continue;
      const auto sample = [&](const Frame& f) {
        return static_cast<double>(f.component(0).data[y * f.component(0).stride + x]);
      };
      sum += std::pow(sample(a) - sample(b), 2), n += 1;
    }
  return std::sqrt(sum / n);
}

}  // namespace

TEST_CASE("a mark that comes with a frame's second field is taken off that field only") {
  const auto made = std::make_shared<OverlayModel>(model());
  const Box place = made->mattes[0].box;
  Plan plan;
  PlannedOverlay overlay;
  auto support = std::make_shared<Mask>(Mask{place, {}});
  for (const float a : made->mattes[0].alpha) support->values.push_back(a > 0 ? 255 : 0);
  overlay.support = support;
  overlay.model = overlay.appearance = made;
  overlay.method = Method::unblend;
  overlay.gain.measured = overlay.gain.varies = true;
  plan.overlays = {overlay};
  VideoInfo video = known_mark::video();
  video.interlaced = true;
  Options options;
  options.threads = 1;
  const Device device(std::make_shared<HostDevice>(Simd::baseline, 1, std::size_t{1} << 30));
  for (const int first : {0, 1}) {  // the field that the frame has without the mark
    auto inpainter = Inpainter::create(options, video, plan, device);
    REQUIRE(inpainter);
    Scene scene;
    scene.on = {{*made, known_mark::always}};
    std::vector<Frame> given;
    for (int n = 0; n < frames; ++n) {
      Frame frame = scene.frame(n, n >= comes);
      if (n == comes) take_rows(frame, scene.frame(n, false), first);
      frame.pts = n;
      given.push_back(frame);
      REQUIRE((*inpainter)->push(frame, {n, {{0, overlay.support, 0, 0}}}));
    }
    REQUIRE((*inpainter)->flush());
    for (int n = 0; n < frames; ++n) {
      Frame out;
      const auto flow = (*inpainter)->pull(out);
      REQUIRE(flow);
      REQUIRE(*flow == Flow::ok);
      const Frame clean = scene.frame(n, false);
      CAPTURE(n, first);
      for (const int parity : {0, 1}) {
        if (n < comes || (n == comes && parity == first))
          CHECK(off(out, given[static_cast<std::size_t>(n)], place, parity) == 0);
        else
          CHECK(off(out, clean, place, parity) < 3);
      }
    }
  }
}

TEST_CASE("a field's model has every second row of the frame's, by the picture's own count") {
  const OverlayModel whole = model();
  for (const int parity : {0, 1}) {
    const OverlayModel field = field_of(whole, parity);
    for (std::size_t c = 0; c < 3; ++c) {
      const Matte &all = whole.mattes[c], &rows = field.mattes[c];
      REQUIRE((rows.box.y & 1) == parity);
      REQUIRE(rows.alpha.size() == static_cast<std::size_t>(rows.box.area()));
      for (int y = 0; y < rows.box.height; ++y) {
        const auto width = static_cast<std::ptrdiff_t>(all.box.width);
        const auto at = (rows.box.y - all.box.y + 2 * y) * width;
        REQUIRE(std::equal(rows.alpha.begin() + y * width, rows.alpha.begin() + (y + 1) * width,
                           all.alpha.begin() + at));
      }
    }
  }
}
