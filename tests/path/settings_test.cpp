// What the settings of a job may not change: the samples that come out.
#include "path/device_job.h"

using namespace cleanplate;

namespace {

/// The frames before the encoder.
std::vector<Samples> frames_of(const Job& job, const Options& options) {
  std::vector<Samples> frames;
  Callbacks callbacks;
  callbacks.restored = [&](const Frame& frame) { frames.push_back(samples_of(frame)); };
  const Report report = must(must(Pipeline::create(options))
                                 .run(job.folder / "in.mkv", job.folder / "out.mkv", callbacks));
  REQUIRE(report.frames_changed == 40);
  REQUIRE(report.degradations.empty());
  return frames;
}

}  // namespace

TEST_CASE("threads, batches, segments, memory and instruction set change no sample") {
  const Job job;
  Options options = job.options;
  options.threads = 1;
  options.simd = "baseline";
  const auto plain = frames_of(job, options);
  REQUIRE(plain.size() == 40);
  const auto same = [&](const char* what, auto&& set) {
    CAPTURE(what);
    Options other = options;
    set(other);
    REQUIRE((frames_of(job, other) == plain));
  };
  if (runs_here(Simd::avx2)) same("avx2", [](Options& o) { o.simd = "avx2"; });
  for (const int n : {2, 3, 8}) same("threads", [n](Options& o) { o.threads = n; });
  for (const int n : {1, 7}) {
    same("batches", [n](Options& o) { o.detect_batch = o.inpaint_batch = n; });
    same("segments", [n](Options& o) { o.segment_frames = n; });
  }
  same("memory", [](Options& o) { o.max_memory = 256; });
  same("all", [](Options& o) {
    o.simd = "auto", o.threads = 5, o.inpaint_batch = 2, o.segment_frames = 3, o.max_memory = 300;
  });
}
