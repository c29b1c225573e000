// A job whose frames stay on a card from the decoder to the encoder, over a made-up card: what
// comes out is the host job's, nothing whole comes down, and whatever fails costs no frame.
#include <cleanplate/installation.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "cuda_fake/fake_cudart.h"
#include "fake_nvenc.h"
#include "nvdec_fake/material.h"

extern "C" int* fake_cuda_brought_down();

using namespace cleanplate;

namespace {
constexpr Kind h264{"libx264", AV_PIX_FMT_YUV420P};

bool starts(const std::string& text, const char* with) { return text.starts_with(with); }

/// A clip with a place told, restored on the host and on the made-up card.
struct CardJob {
  Material material;
  Options options = quick_options();
  std::vector<Samples> right;  ///< the host's frames
  std::vector<clips::PacketRead> sound;

  explicit CardJob(const Kind& kind = h264, const char* software = "libx264") : material(kind) {
    options.region = {"100,100,40,30"};
    Callbacks callbacks;
    callbacks.restored = [&](const Frame& frame) { right.push_back(samples_of(frame)); };
    Options host = options;
    host.encoder = software;
    static_cast<void>(must(must(Pipeline::create(host)).run(in(), out(), callbacks)));
    REQUIRE(right.size() == material.host.frames.size());
    sound = clips::read(out()).first("audio").packets;
    REQUIRE(sound.size() > 10);
    options.device = "cuda";
  }
  ~CardJob() { *fake_nvenc() = {}; }
  [[nodiscard]] std::string in() const { return material.folder / "in.mkv"; }
  [[nodiscard]] std::string out() const { return material.folder / "out.mkv"; }

  void fresh(const fake::Card& card) const {
    fake::set(card);
    *fake_nvenc() = {};
    fake_nvenc()->registers = fake::is_plain;
    fake_nvenc()->alive = fake::alive;
    FakeNvdec& nvdec = *fake_nvdec();
    nvdec.decoded = 0;
    nvdec.fail_at = -1;
    nvdec.alive = fake::alive;
    nvdec.lend = fake::lend;
    nvdec.take_away = fake::take_away;
    *fake_cuda_brought_down() = 0;
    std::filesystem::remove(out());
  }
  [[nodiscard]] Result<Report> run(const Callbacks& callbacks = {}) const {
    auto report = must(Pipeline::create(options)).run(in(), out(), callbacks);
    REQUIRE(fake::complaints() == std::vector<std::string>{});
    REQUIRE(fake_nvenc()->complaints == std::vector<std::string>{});
    REQUIRE(fake_nvenc()->open == 0);
    REQUIRE(fake_nvenc()->known == 0);
    REQUIRE(fake_nvdec()->open == 0);
    return report;
  }
  /// All frames came out, and the sound, as from the host. Made-up NVENC loses nothing; what x264
  /// makes of the same frames differs a little from time to time.
  void is_right(bool by_card = true) const {
    const Decoded made = decode(out(), "cpu");
    REQUIRE(made.pts == material.host.pts);
    REQUIRE(made.format == material.host.format);
    for (std::size_t i = 0; i < right.size(); ++i) {
      CAPTURE(i);
      const double off = apart(made.frames[i], right[i]);
      if (by_card) REQUIRE(off == 0);
      if (i) REQUIRE(2 * off < apart(made.frames[i], right[i - 1]));
    }
    const auto heard = clips::read(out()).first("audio").packets;
    REQUIRE(heard.size() == sound.size());
    for (std::size_t i = 0; i < sound.size(); ++i) {
      REQUIRE(heard[i].pts == sound[i].pts);
      REQUIRE(heard[i].bytes == sound[i].bytes);
    }
  }
  [[nodiscard]] int frames() const { return static_cast<int>(right.size()); }
  [[nodiscard]] std::size_t plane() const {
    return std::size_t{480} * 270 * (material.host.format.bits > 8 ? 2 : 1);
  }
  /// Copies of a picture's luma.
  [[nodiscard]] long whole(cudaMemcpyKind kind) const {
    const auto all = fake::copies(kind);
    return std::count_if(all.begin(), all.end(), [&](std::size_t n) { return n >= plane(); });
  }
  [[nodiscard]] static std::size_t bytes(cudaMemcpyKind kind) {
    const auto all = fake::copies(kind);
    return std::accumulate(all.begin(), all.end(), std::size_t{0});
  }
  void left_nothing() const {
    REQUIRE(material.folder.names() == std::vector<std::string>{"in.mkv"});
  }
};

std::string device_of(const Report& report, const char* stage) {
  for (const StageReport& s : report.stages)
    if (s.stage == stage) return s.device;
  return {};
}
fake::Card failing(int call, bool for_good) {
  fake::Card card;
  card.fail_call = call;
  card.failure = for_good ? cudaErrorIllegalAddress : cudaErrorMemoryAllocation;
  card.for_good = for_good;
  return card;
}

}  // namespace

TEST_CASE("frames stay on the card from the decoder to the encoder, and are the host's") {
  const Kind kind =
      GENERATE(Kind{"libx264", AV_PIX_FMT_YUV420P}, Kind{"libx265", AV_PIX_FMT_YUV420P10},
               Kind{"libx265", AV_PIX_FMT_YUV444P}, Kind{"libx265", AV_PIX_FMT_YUV444P10});
  CardJob job(kind);
  if (kind.format != AV_PIX_FMT_YUV420P) job.options.encoder = "h264_nvenc";
  for (const std::uint64_t seed : {1, 2, 3}) {
    CAPTURE(kind.encoder, seed);
    fake::Card card;
    card.seed = seed;
    job.fresh(card);
    const Report report = must(job.run());
    for (const Degradation& d : report.degradations) FAIL_CHECK(d.from + ": " + d.reason);
    REQUIRE(device_of(report, "decode") == "cuda:0 (NVDEC)");
    REQUIRE(starts(device_of(report, "inpaint"), "cuda:0"));
    REQUIRE(device_of(report, "encode") == "h264_nvenc, from the card's memory");
    job.is_right();
    REQUIRE(fake_nvenc()->from_card == job.frames() + 1);  // and the trial's
    REQUIRE(fake_nvenc()->from_host == 0);
    REQUIRE(fake_nvenc()->registered <= 2 * 20);
    // Nothing whole went to the host, and up only the trial's picture.
    REQUIRE(*fake_cuda_brought_down() == 0);
    REQUIRE(job.whole(cudaMemcpyDeviceToHost) == 0);
    const bool full_chroma = job.material.host.format.layout == Layout::yuv444;
    const int whole = full_chroma ? 3 : 1;  // planes of luma's size
    REQUIRE(job.whole(cudaMemcpyHostToDevice) == whole);
    REQUIRE(job.whole(cudaMemcpyDeviceToDevice) ==
            2 * whole * job.frames());  // off the surface; to write
    // Of the rest: down the mark's place with what is round it, as 16-bit samples, and four floats
    // a sample for what other frames add; up the smooth fill, error maps, and what is written.
    const auto samples = [&](int width, int height) {
      return static_cast<std::size_t>(job.frames() * width * height * (full_chroma ? 6 : 3));
    };
    constexpr int context = 24, around = 24, cell = 8;  // samples, frames, samples
    const auto cells = [&](int side) { return (side + 2 * context + cell - 1) / cell; };
    const auto maps = static_cast<std::size_t>(job.frames() * (around + 1) * cells(40) * cells(30) *
                                               static_cast<int>(sizeof(float)));
    constexpr std::size_t setup = 65536;  // where the hole is, and what is shown round it
    const std::size_t trial = full_chroma ? job.plane() * 3 : job.plane() / 2 * 3;
    REQUIRE(job.bytes(cudaMemcpyHostToDevice) <
            trial + samples(40, 30) + samples(42, 32) + maps + setup);
    REQUIRE(job.bytes(cudaMemcpyDeviceToHost) <
            samples(40 + 2 * context, 30 + 2 * context) + 8 * samples(42, 32) + setup);
  }
}

TEST_CASE("a card that cannot be had leaves the job to the host, and the report says why") {
  const CardJob job;
  struct Case {
    fake::Card card;
    const char* says;
  };
  std::vector<Case> cases(4);
  cases[0].card.driver = 0, cases[0].says = "No NVIDIA driver was found";
  cases[1].card.driver = 12040, cases[1].says = "driver is too old";
  cases[2].card.cards = 0, cases[2].says = "gives no card";
  cases[3].card.fail_call = 4, cases[3].says = "The CUDA card failed";
  for (const Case& c : cases) {
    CAPTURE(c.says);
    job.fresh(c.card);
    const Report report = must(job.run());
    const Degradation& d = report.degradations.at(0);
    REQUIRE(d.stage == "device");
    REQUIRE(d.from == "cuda");
    REQUIRE(starts(d.to, "cpu"));
    REQUIRE(d.reason.find(c.says) != std::string::npos);
    REQUIRE(starts(device_of(report, "inpaint"), "cpu"));
    // Of a card that is there its decoder may still do.
    REQUIRE(starts(device_of(report, "decode"), c.card.fail_call < 0 ? "cpu" : "cuda:0 (NVDEC)"));
    REQUIRE(report.frames_out == job.frames());
    job.is_right(starts(report.encoder, "h264_nvenc"));
  }
}

TEST_CASE("batches follow the memory of the card that networks run on") {
  constexpr std::size_t gibi = std::size_t{1} << 30;
  Options options = quick_options();
  options.device = "cuda";
  using Batches = std::array<int, 3>;
  for (const auto& [memory, tier, batches] : {std::tuple{6 * gibi, "small", Batches{8, 4, 180}},
                                              {12 * gibi, "middle", {16, 8, 300}},
                                              {40 * gibi, "large", {24, 12, 450}}}) {
    CAPTURE(tier);
    fake::Card card;
    card.memory = memory;
    fake::set(card);
    const Resources r = resources(options, must(Device::open(options)));
    REQUIRE(r.tier == tier);
    REQUIRE(Batches{r.detect_batch, r.inpaint_batch, r.segment_frames} == batches);
  }
  fake::set({});
}

TEST_CASE("who looks on sees frames in the host's memory, wherever they are worked on") {
  const CardJob job;
  job.fresh({});
  std::vector<Samples> seen;
  Callbacks callbacks;
  callbacks.restored = [&](const Frame& frame) {
    REQUIRE_FALSE(frame.on_device());
    REQUIRE(frame.format() == job.material.host.format);
    seen.push_back(samples_of(frame));
  };
  REQUIRE(must(job.run(callbacks)).degradations.empty());
  REQUIRE(seen == job.right);
  job.is_right();
}

TEST_CASE("frames come down to an encoder that is not the card's, whichever call into CUDA fails") {
  CardJob job;
  job.options.encoder = "libx264";
  std::vector<Samples> seen;
  Callbacks callbacks;
  callbacks.restored = [&](const Frame& frame) { seen.push_back(samples_of(frame)); };
  job.fresh({});
  const Report report = must(job.run(callbacks));
  REQUIRE(report.degradations.empty());
  REQUIRE(device_of(report, "decode") == "cuda:0 (NVDEC)");
  REQUIRE(device_of(report, "encode") == "libx264");
  REQUIRE(seen == job.right);
  // Each once, by pinned memory (else the made-up runtime complains), and none by libav.
  REQUIRE(job.whole(cudaMemcpyDeviceToHost) == job.frames());
  REQUIRE(*fake_cuda_brought_down() == 0);

  const int calls = fake::calls();
  for (const bool for_good : {false, true})
    for (const int k : spread(calls)) {
      CAPTURE(k, calls, for_good);
      job.fresh(failing(k, for_good));
      seen.clear();
      const auto ran = must(Pipeline::create(job.options)).run(job.in(), job.out(), callbacks);
      REQUIRE(must(ran).frames_out == job.frames());
      REQUIRE((seen == job.right));
    }
}

TEST_CASE("a card's encoder that takes no frames of the card gets the host's, else the next does") {
  const CardJob job;
  const auto names = [](const Report& report) {
    std::vector<std::string> all;
    for (const Degradation& d : report.degradations) {
      REQUIRE(d.stage == "encode");
      REQUIRE_FALSE(d.reason.empty());
      all.push_back(d.from + " → " + d.to);
    }
    return all;
  };
  const std::vector<std::string> once{"h264_nvenc from the card's memory → h264_nvenc"};
  const std::vector<std::string> twice{"h264_nvenc from the card's memory → libx264",
                                       "h264_nvenc → libx264"};
  for (const int trial : {0, 1}) {  // the second opens after a picture was tried
    CAPTURE(trial);
    job.fresh({});
    fake_nvenc()->fail_session = trial;
    REQUIRE(names(must(job.run())) == once);
    job.is_right();
    REQUIRE(fake_nvenc()->from_host > job.frames());
  }
  job.fresh({});
  fake_nvenc()->fail_register = 0;
  REQUIRE(names(must(job.run())) == once);
  job.is_right();
  job.fresh({});
  fake_nvenc()->fail_picture = 0;
  REQUIRE(names(must(job.run())) == once);
  job.is_right();
  job.fresh({});
  fake_nvenc()->sessions_from = 0;
  const Report report = must(job.run());
  REQUIRE(names(report) == twice);
  REQUIRE(report.degradations[0].reason.find("out of memory") != std::string::npos);
  REQUIRE(report.frames_out == job.frames());
}

TEST_CASE("what the card's encoder has no samples for is decoded there and coded by the next") {
  const CardJob job({"libx265", AV_PIX_FMT_YUV444P12}, "libx265");
  job.fresh({});
  std::vector<Samples> seen;
  Callbacks callbacks;
  callbacks.restored = [&](const Frame& frame) { seen.push_back(samples_of(frame)); };
  const Report report = must(job.run(callbacks));
  REQUIRE_FALSE(report.degradations.empty());
  for (const Degradation& d : report.degradations) {
    REQUIRE(d.stage == "encode");
    REQUIRE(d.reason.find("12-bit 4:4:4") != std::string::npos);
  }
  REQUIRE(device_of(report, "decode") == "cuda:0 (NVDEC)");
  REQUIRE(report.encoder == "libx265");
  REQUIRE((seen == job.right));
  REQUIRE(decode(job.out(), "cpu").pts == job.material.host.pts);
}

TEST_CASE("samples of 10 bits go to the card's encoder from the host's memory too") {
  CardJob job({"libx265", GENERATE(AV_PIX_FMT_YUV420P10, AV_PIX_FMT_YUV444P10)});
  job.options.encoder = "h264_nvenc";
  job.fresh({});
  fake_nvenc()->fail_session = 0;
  const Report report = must(job.run());
  REQUIRE(report.degradations.size() == 1);
  REQUIRE(report.encoder == "h264_nvenc");
  REQUIRE(fake_nvenc()->from_host == job.frames() + 1);
  job.is_right();
}

TEST_CASE("where the card's encoder fails in the middle, the next does the job from the start") {
  CardJob job;
  for (const bool memory : {false, true}) {
    CAPTURE(memory);
    const auto fail = [&] {
      job.fresh({});
      (memory ? fake_nvenc()->fail_register : fake_nvenc()->fail_picture) = memory ? 3 : 8;
    };
    fail();
    std::vector<Samples> seen;
    Callbacks callbacks;
    callbacks.restored = [&](const Frame& frame) { seen.push_back(samples_of(frame)); };
    const Report report = must(job.run(callbacks));
    REQUIRE(report.degradations.size() == 1);
    const Degradation& d = report.degradations[0];
    REQUIRE(d.stage == "encode");
    REQUIRE(d.from == "h264_nvenc");
    REQUIRE(d.to == "libx264");
    REQUIRE(d.reason.find("h264_nvenc failed at frame") != std::string::npos);
    REQUIRE(d.reason.find("begun again") != std::string::npos);
    // The card goes on with the rest, and who looks on sees no frame twice.
    REQUIRE(device_of(report, "decode") == "cuda:0 (NVDEC)");
    REQUIRE(starts(device_of(report, "inpaint"), "cuda:0"));
    REQUIRE(device_of(report, "encode") == "libx264");
    REQUIRE(report.frames_out == job.frames());
    REQUIRE(seen == job.right);
    job.is_right(false);

    job.options.strict = true;
    fail();
    const auto refused = job.run();
    job.options.strict = false;
    REQUIRE_FALSE(refused);
    REQUIRE(refused.error().code == Code::encoder);
    REQUIRE(refused.error().message.find("h264_nvenc failed at frame") != std::string::npos);
    job.left_nothing();
  }
}

TEST_CASE("software decodes on where the card's decoder fails, to the card's encoder") {
  const CardJob job;
  for (const int at : {0, 1, 5, 12, 23}) {
    CAPTURE(at);
    job.fresh({});
    fake_nvdec()->fail_at = at;
    const Report report = must(job.run());
    REQUIRE(report.degradations.size() == 1);
    REQUIRE(report.degradations[0].stage == "decode");
    REQUIRE(report.degradations[0].to == "cpu (h264)");
    job.is_right();
  }
}

TEST_CASE("a card with room for few frames gives the rest in the host's memory") {
  const CardJob job;
  fake::Card card;
  for (const int frames : {0, 2, 5}) {
    CAPTURE(frames);
    card.memory = std::size_t{400000} + static_cast<std::size_t>(frames) * 512 * 405;
    job.fresh(card);
    const Report report = must(job.run());
    REQUIRE_FALSE(report.degradations.empty());
    REQUIRE(report.frames_out == job.frames());
    if (starts(report.encoder, "h264_nvenc")) job.is_right();
  }
}

TEST_CASE("a call into CUDA that fails, once or for good, costs no frame and no sound") {
  const CardJob job;
  job.fresh({});
  static_cast<void>(must(job.run()));
  const int calls = fake::calls();
  REQUIRE(calls > 500);
  int again = 0;
  for (const bool for_good : {false, true})
    for (const int k : spread(calls)) {
      CAPTURE(k, calls, for_good);
      job.fresh(failing(k, for_good));
      std::vector<Samples> seen;
      Callbacks callbacks;
      const bool looked_at = k % 2;
      if (looked_at)
        callbacks.restored = [&](const Frame& frame) { seen.push_back(samples_of(frame)); };
      const Report report =
          must(must(Pipeline::create(job.options)).run(job.in(), job.out(), callbacks));
      REQUIRE(fake_nvenc()->complaints == std::vector<std::string>{});
      REQUIRE(fake_nvenc()->open == 0);
      REQUIRE(report.frames_out == job.frames());
      job.is_right(starts(report.encoder, "h264_nvenc"));
      if (looked_at) REQUIRE((seen == job.right));
      if (!for_good || k > calls - 80) continue;  // or the last frame was done
      REQUIRE_FALSE(report.degradations.empty());
      for (const Degradation& d : report.degradations) REQUIRE_FALSE(d.reason.empty());
      again += report.degradations[0].reason.find("begun again") != std::string::npos;
    }
  REQUIRE(again > 5);
}
