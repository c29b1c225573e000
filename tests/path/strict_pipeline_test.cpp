// The whole pipeline on the strict device: a missing wait, a use after free, a failure that is not
// handled shows here without a GPU.
#include <cleanplate/mask_tracker.h>

#include <cstdint>

#include "detect/region_detector.h"
#include "frame/card_format.h"
#include "frame/device_frames.h"
#include "media/card_decoder.h"
#include "path/device_job.h"
#include "pipeline/fallback_inpainter.h"
#include "pipeline/line.h"
#include "pipeline/planner.h"

using namespace cleanplate;

namespace {

struct Strict {
  std::shared_ptr<StrictDevice> core;
  explicit Strict(const StrictOptions& options = {})
      : core(std::make_shared<StrictDevice>(options)) {}
};

/// What a card's decoder has: one surface, which it writes as soon as it has it back.
class Surface {
 public:
  Surface(const Device& device, PixelFormat format, Size size)
      : format_(*card_format(format)),
        size_(size),
        decoded_(must(device.core().stream())),
        taken_(must(device.core().stream())),
        ring_(must(DeviceFrames::create(device, format_, size))) {
    memory_ = must(device.core().allocate(row() * static_cast<std::size_t>(3 * size.height)));
  }
  /// The picture by way of the surface, among frames of ours.
  Frame by_way(const Frame& picture) {
    const Frame host = must(in_format(picture, format_));
    media::FramePtr surface = media::new_frame();
    surface->width = size_.width, surface->height = size_.height;
    int above = 0;
    for (int p = 0; p < format_.planes(); ++p) {
      const ComponentView from = host.component(p);
      const auto to = memory_.view<std::byte>(static_cast<int>(row()), from.height,
                                              row() * static_cast<std::size_t>(above));
      above += from.height;
      must(decoded_.upload(to, from.data, from.stride));
      surface->data[p] = reinterpret_cast<std::uint8_t*>(to.first.address());
      surface->linesize[p] = static_cast<int>(row());
    }
    must(decoded_.wait());
    Frame kept = must(media::keep_on_card(*surface, ring_, taken_));
    kept.pts = picture.pts;
    return kept;
  }

 private:
  [[nodiscard]] std::size_t row() const {
    return static_cast<std::size_t>(size_.width * format_.bytes_per_sample());
  }
  PixelFormat format_;
  Size size_;
  Stream decoded_, taken_;
  DeviceFrames ring_;
  Buffer memory_;
};

/// The job's second pass with frames that stay on the device, as between NVDEC and NVENC: surface,
/// ring, inpaint, composite in three threads, and an encoder that reads them there.
std::vector<Samples> run_there(const Job& job, const Plan& plan, const Device& device) {
  VideoDecoder decoder = must(VideoDecoder::open(job.folder / "in.mkv", job.options));
  const VideoInfo video = decoder.info();
  RegionDetector detector(regions_of(plan), video.time_base);
  Options known = job.options;
  known.persistence_frames = 0;
  const auto tracker = must(MaskTracker::create(known, video));
  const auto inpainter = must(FallbackInpainter::create(job.options, video, plan, device));
  Surface surface(device, video.format, video.size);
  std::vector<Samples> out;
  std::int64_t changed = 0;
  StageClock clock("inpaint");
  {
    Line line({}, 3);
    line.start([&](Line::Out& to) -> Result<void> {
      for (Frame frame; must(decoder.pull(frame)) == Flow::ok; frame = {})
        if (!to.frame(surface.by_way(frame))) break;
      return {};
    });
    line.then([&](Line::In& in, Line::Out& to) -> Result<void> {
      Chain chain(detector, *tracker, *inpainter);
      return restore_frames(chain, in, to, clock, changed);
    });
    line.last([&](Line::In& in) -> Result<void> {
      for (Line::Item item; in.next(item);) {
        REQUIRE(item.frame.on_device());
        out.push_back(samples_of(must(item.frame.to_host())));
      }
      return {};
    });
    must(line.wait());
  }
  REQUIRE(inpainter->degradations().empty());
  REQUIRE(changed == 40);
  return out;
}

}  // namespace

TEST_CASE(
    "frames that stay on a device are ordered all the way, and each wait taken out is caught") {
  const Job job(GENERATE(AV_PIX_FMT_YUV420P10, AV_PIX_FMT_YUV444P10));
  const auto plain = job.run(Device(std::make_shared<HostDevice>(Simd::baseline, 1, 1 << 30)));
  const Plan plan = must(must(Pipeline::create(job.options)).plan(job.folder / "in.mkv"));
  int waits = 0;
  for (const std::uint64_t seed : {1, 2, 3}) {
    StrictOptions options;
    options.seed = seed;
    const Strict strict(options);
    CAPTURE(seed);
    REQUIRE((run_there(job, plan, Device(strict.core)) == plain.frames));
    REQUIRE(strict.core->violations() == std::vector<std::string>{});
    waits = strict.core->waits();
  }
  REQUIRE(waits > 200);
  // The third quarter: no buffers are set up any more, and frames that use them again still come.
  int tried = 0;
  for (int k = waits / 2; k < waits * 3 / 4; k += 7, ++tried) {
    StrictOptions options;
    options.drop_wait = k;
    const Strict strict(options);
    static_cast<void>(run_there(job, plan, Device(strict.core)));
    CAPTURE(k, waits);
    CHECK_FALSE(strict.core->violations().empty());
  }
  REQUIRE(tried > 12);
}

TEST_CASE("the pipeline orders all it does on a device, and gives the plain device's samples") {
  const Job job;
  const auto plain = job.run(Device(std::make_shared<HostDevice>(Simd::baseline, 1, 1 << 30)));
  REQUIRE(plain.frames.size() == 40);
  REQUIRE(plain.report.frames_changed == 40);
  REQUIRE(plain.report.degradations.empty());
  for (const std::uint64_t seed : {1, 2, 3}) {
    StrictOptions options;
    options.seed = seed;
    options.in_place = seed == 3;
    const Strict strict(options);
    const auto ran = job.run(Device(strict.core));
    CAPTURE(seed);
    REQUIRE(strict.core->violations() == std::vector<std::string>{});
    REQUIRE(strict.core->launches() > 40);
    REQUIRE(ran.frames == plain.frames);
    REQUIRE(ran.report.degradations.empty());
    REQUIRE(ran.report.stages[2].device.starts_with("strict"));
  }
}

TEST_CASE("a wait taken out of the pipeline is caught") {
  const Job job;
  const Strict whole;
  static_cast<void>(job.run(Device(whole.core)));
  const int waits = whole.core->waits();
  REQUIRE(waits > 60);
  // The third quarter, as above.
  int caught = 0, tried = 0;
  for (int k = waits / 2; k < waits * 3 / 4; k += waits / 24, ++tried) {
    StrictOptions options;
    options.drop_wait = k;
    const Strict strict(options);
    static_cast<void>(job.run(Device(strict.core)));
    CAPTURE(k);
    CHECK_FALSE(strict.core->violations().empty());
    caught += !strict.core->violations().empty();
  }
  REQUIRE(tried > 4);
  REQUIRE(caught == tried);
}

TEST_CASE("each allocation of a device fails once: all frames come out, the same, and it is said") {
  const Job job;
  const auto plain = job.run(Device(std::make_shared<HostDevice>(Simd::baseline, 1, 1 << 30)));
  const Strict whole;
  static_cast<void>(job.run(Device(whole.core)));
  REQUIRE(whole.core->allocations() > 10);
  for (const int k : spread(whole.core->allocations())) {
    StrictOptions options;
    options.fail_allocation = k;
    const Strict strict(options);
    CAPTURE(k);
    whole_but_degraded(job.run(Device(strict.core)), plain, "strict", "told to fail");
    REQUIRE(strict.core->violations() == std::vector<std::string>{});
  }
}

TEST_CASE("a device that fails in the middle of a frame loses none") {
  const Job job;
  const auto plain = job.run(Device(std::make_shared<HostDevice>(Simd::baseline, 1, 1 << 30)));
  const Strict whole;
  static_cast<void>(job.run(Device(whole.core)));
  for (const int k : spread(whole.core->launches())) {
    StrictOptions options;
    options.fail_launch = k;
    const Strict strict(options);
    CAPTURE(k);
    const auto ran = job.run(Device(strict.core));
    whole_but_degraded(ran, plain, "strict", "told to fail");
    REQUIRE(strict.core->violations() == std::vector<std::string>{});
  }
}

TEST_CASE(
    "a device that has room for nothing leaves the job to the host, and strict refuses that") {
  Job job;
  StrictOptions small;
  small.capacity = 1000;
  const Strict strict(small);
  const auto ran = job.run(Device(strict.core));
  REQUIRE(ran.report.frames_out == 40);
  REQUIRE(ran.report.degradations.size() == 1);
  REQUIRE(ran.report.degradations[0].first_frame == 0);
  job.options.strict = true;
  Pipeline pipeline = must(Pipeline::create(job.options, Device(strict.core)));
  const auto refused = pipeline.run(job.folder / "in.mkv", job.folder / "out.mkv");
  REQUIRE_FALSE(refused);
  REQUIRE(refused.error().code == Code::degraded);
}
