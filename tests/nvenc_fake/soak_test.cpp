// A thousand frames on a made-up card: what a frame needs was there before.
#include "gpu/soak.h"

#include "cuda_fake/fake_cudart.h"
#include "fake_nvenc.h"
#include "nvdec_fake/material.h"

using namespace cleanplate;

TEST_CASE("over a thousand frames the card is asked for no more memory once all is warm") {
  const Soak soak;
  FakeNvdec& nvdec = *fake_nvdec();
  nvdec = {};
  nvdec.width = 320;
  nvdec.lend = fake::lend;
  nvdec.take_away = fake::take_away;
  {
    const Decoded host = decode(soak.folder / "in.mkv", "cpu");
    for (const Samples& planes : host.frames)
      nvdec.pictures.push_back(as_surface(planes, host.format));
  }
  *fake_nvenc() = {};
  fake_nvenc()->registers = fake::is_plain;
  fake::set({});
  std::vector<int> given;
  std::vector<std::size_t> used;
  const Report report = soak.run([&](int) {
    given.push_back(fake::given());
    used.push_back(fake::used());
  });
  for (const Degradation& d : report.degradations) FAIL_CHECK(d.from + ": " + d.reason);
  REQUIRE(report.frames_out == Soak::frames);
  REQUIRE(fake_nvenc()->from_card == Soak::frames + 1);  // and the trial's
  // How many frames are under way is up to the threads; so few are at most.
  constexpr int under_way = 32;
  constexpr std::size_t frame = 320 * 180 * 3 / 2;
  REQUIRE(given.back() <= given[Soak::warm] + under_way);
  REQUIRE(used.back() <= used[Soak::warm] + under_way * frame);
  REQUIRE(used[Soak::warm] > 0);
  REQUIRE(fake::complaints() == std::vector<std::string>{});
  REQUIRE(fake_nvenc()->complaints == std::vector<std::string>{});
  *fake_nvenc() = {};
  nvdec = {};
}
