// The same work as in the examples in other languages, in C++: a clip's frames through the restorer
// in a loop of our own, then the file through the pipeline; each with the CRC of its frames.
//   clean IN OUT REGION
#include <cleanplate/pipeline.h>
#include <cleanplate/restorer.h>
#include <cleanplate/video_decoder.h>

#include <array>
#include <cstdio>

using namespace cleanplate;

namespace {

/// CRC-32 of IEEE 802.3, over all samples of all frames.
class Crc {
 public:
  void add(const Frame& frame) {
    for (int c = 0; c < frame.format().components(); ++c) {
      const ComponentView view = frame.component(c);
      for (int y = 0; y < view.height; ++y)
        for (int i = 0; i < view.width * frame.format().bytes_per_sample(); ++i)
          add(static_cast<unsigned>(view.data[y * view.stride + i]));
    }
    ++frames_;
  }
  void say(const char* what) const {
    std::printf("%s: %d frames, crc32 %08x\n", what, frames_, ~value_);
  }

 private:
  void add(unsigned byte) {
    value_ ^= byte;
    for (int bit = 0; bit < 8; ++bit) value_ = value_ >> 1 ^ (value_ & 1 ? 0xedb88320U : 0);
  }
  unsigned value_ = ~0U;
  int frames_ = 0;
};

int fail(const Error& error) { return std::fprintf(stderr, "%s\n", error.message.c_str()), 1; }

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return std::fprintf(stderr, "clean IN OUT REGION\n"), 2;
  Options options;
  options.region = {argv[3]};

  auto decoder = VideoDecoder::open(argv[1], options);
  if (!decoder) return fail(decoder.error());
  auto restorer = Restorer::create(options, decoder->info());
  if (!restorer) return fail(restorer.error());
  Crc ours;
  for (Frame frame, done;;) {
    const auto read = decoder->pull(frame);
    if (!read) return fail(read.error());
    const auto taken = *read == Flow::end ? restorer->flush() : restorer->push(frame);
    if (!taken) return fail(taken.error());
    auto given = restorer->pull(done);
    for (; given && *given == Flow::ok; given = restorer->pull(done)) ours.add(done);
    if (!given) return fail(given.error());
    if (*given == Flow::end) break;
  }
  ours.say("restorer");

  auto pipeline = Pipeline::create(options);
  if (!pipeline) return fail(pipeline.error());
  Crc theirs;
  Callbacks callbacks;
  callbacks.restored = [&](const Frame& frame) { theirs.add(frame); };
  const auto report = pipeline->run(argv[1], argv[2], callbacks);
  if (!report) return fail(report.error());
  theirs.say("pipeline");
}
