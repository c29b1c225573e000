// What `benchmarks/stages --device cuda` times: each stage alone, its frames where the whole job
// has them.
#include "stages/stages.h"

#include <algorithm>

#include "cuda_fake/fake_cudart.h"
#include "fake_nvenc.h"
#include "nvdec_fake/material.h"
#include "stages/kernel_times.h"

extern "C" int* fake_cuda_brought_down();

using namespace cleanplate;

namespace {
/// Copies of a picture's luma, over the bus.
long whole(cudaMemcpyKind kind) {
  const auto all = fake::copies(kind);
  return std::count_if(all.begin(), all.end(), [](std::size_t n) { return n >= 480 * 270; });
}
}  // namespace

TEST_CASE("each stage is timed with frames that stay on the card, and moves none over the bus") {
  const Material material({"libx264", AV_PIX_FMT_YUV420P});
  const auto count = static_cast<int>(material.host.frames.size());
  Options options = quick_options();
  options.region = {"100,100,40,30"};
  options.device = "cuda";
  fake::set({});
  *fake_nvenc() = {};
  fake_nvenc()->registers = fake::is_plain;
  fake_nvdec()->lend = fake::lend;
  fake_nvdec()->take_away = fake::take_away;
  {
    const Device card = must(Device::open(options));
    const std::string in = material.folder / "in.mkv", out = material.folder / "out.mkv";
    const bench::Loaded clip = bench::load(in, options, card, out);
    REQUIRE(clip.there.size() == clip.frames.size());
    REQUIRE(clip.there.size() == material.host.frames.size());

    const auto begin = [&] {
      *fake_cuda_brought_down() = 0;
      fake_nvenc()->from_card = fake_nvenc()->from_host = 0;
      return std::array{whole(cudaMemcpyHostToDevice), whole(cudaMemcpyDeviceToHost)};
    };
    auto before = begin();
    REQUIRE(bench::decode_alone(clip, card) > 0);
    REQUIRE(*fake_cuda_brought_down() == 0);
    REQUIRE(bench::restore_alone(clip, card, nullptr) > 0);
    REQUIRE(std::array{whole(cudaMemcpyHostToDevice), whole(cudaMemcpyDeviceToHost)} == before);
    before = begin();
    REQUIRE(bench::encode_alone(clip, card, out) > 0);
    REQUIRE(fake_nvenc()->from_card == count + 1);  // and the trial's, which alone goes up
    REQUIRE(fake_nvenc()->from_host == 0);
    REQUIRE(*fake_cuda_brought_down() == 0);
    REQUIRE(whole(cudaMemcpyHostToDevice) == before[0] + 1);
    REQUIRE(whole(cudaMemcpyDeviceToHost) == before[1]);
    REQUIRE(bench::all_together(clip, card, out).frames_out == count);

    Options plain = options;
    plain.device = "cpu";
    const Device host = must(Device::open(plain));
    std::vector<Frame> there, here;
    static_cast<void>(bench::restore_alone(clip, card, &there));
    static_cast<void>(bench::restore_alone(clip, host, &here));
    REQUIRE(bench::different(there, here) == 0);

    const bench::Moved moved = bench::bytes_moved(clip, 10);
    REQUIRE(moved.up_there < moved.frame / 10);
    REQUIRE(moved.down_there < moved.frame / 3);

    double launches = 0;
    for (const bench::KernelTime& kernel : bench::kernel_times(clip, card, 10)) {
      CAPTURE(kernel.kernel);
      REQUIRE(kernel.seconds > 0);
      REQUIRE(kernel.bytes > 0);
      REQUIRE(kernel.copy_seconds > 0);
      launches += kernel.launches;
    }
    REQUIRE(launches == Approx(moved.kernels));
  }
  REQUIRE(fake::complaints() == std::vector<std::string>{});
  REQUIRE(fake_nvenc()->complaints == std::vector<std::string>{});
  *fake_nvenc() = {};
}
