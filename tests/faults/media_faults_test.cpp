// Bad input and bad places at the library's own door: the code, a sentence, and nothing left
// behind.
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "media_clips.h"
#include "path/media_run.h"

using namespace cleanplate;
namespace fs = std::filesystem;

namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}
void write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// One sentence, of the code, and the folder as before.
void check_fails(const clips::Folder& folder, const std::string& in, const std::string& out,
                 Code code, const std::string& says, const Options& options = quick_options()) {
  const auto before = folder.names();
  const Ran ran = run_through(in, out, options);
  INFO(in << " -> " << out << ": " << ran.error.message);
  REQUIRE_FALSE(ran.error.message.empty());
  REQUIRE(ran.error.code == code);
  REQUIRE(ran.error.message.size() > 30);
  REQUIRE(ran.error.message.back() == '.');
  REQUIRE_THAT(ran.error.message, Catch::Contains(says));
  REQUIRE(folder.names() == before);
}

Options tolerant() {
  Options options = quick_options();
  options.tolerant = true;
  return options;
}

clips::Clip silent() {
  clips::Clip clip;
  clip.sound = nullptr;
  return clip;
}

/// While in scope no file may pass `bytes`.
class FileLimit {
 public:
  explicit FileLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;
  ~FileLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

}  // namespace

TEST_CASE("files that are no video are told apart") {
  const clips::Folder folder;
  const std::string out = folder / "out.mp4";
  check_fails(folder, folder / "missing.mp4", out, Code::not_found, "missing.mp4");
  check_fails(folder, folder / "", out, Code::unreadable, "folder");
  write(folder / "empty.mp4", "");
  check_fails(folder, folder / "empty.mp4", out, Code::unreadable, "empty");
  write(folder / "text.txt", "not a film\n");
  check_fails(folder, folder / "text.txt", out, Code::unreadable, "text.txt");
  write(folder / "list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.ts\n");
  check_fails(folder, folder / "list.m3u8", out, Code::unreadable, "list.m3u8");
  REQUIRE(::mkfifo((folder / "pipe.ts").c_str(), 0600) == 0);  // nobody ever writes to it
  check_fails(folder, folder / "pipe.ts", out, Code::unreadable, "pipe");
  clips::Clip sound;
  sound.video = nullptr;
  clips::make(folder / "sound.mp4", sound);
  check_fails(folder, folder / "sound.mp4", out, Code::no_video, "no video");
}

TEST_CASE("pixels that are not handled are refused, not converted") {
  const clips::Folder folder;
  clips::Clip clip = silent();
  clip.video = "ffv1";
  clip.format = GENERATE(AV_PIX_FMT_BGRA, AV_PIX_FMT_YUVA420P, AV_PIX_FMT_YUV411P);
  const bool alpha = clip.format == AV_PIX_FMT_YUVA420P;
  clips::make(folder / "in.mkv", clip);
  check_fails(folder, folder / "in.mkv", folder / "out.mkv", Code::unsupported,
              alpha ? "alpha" : "pixel format");
}

TEST_CASE("a cut file is damaged, and under tolerant gives what is there") {
  const clips::Folder folder;
  const std::string kind = GENERATE("mp4", "mkv", "ts", "mov");
  CAPTURE(kind);
  clips::Clip clip = silent();
  // An index in front is what a half download of an MP4 has.
  if (kind == "mp4" || kind == "mov") clip.muxing = {{"movflags", "faststart"}};
  clips::make(folder / ("whole." + kind), clip);
  const std::string whole = bytes_of(folder / ("whole." + kind));
  const std::string cut = folder / ("cut." + kind), out = folder / ("out." + kind);
  write(cut, whole.substr(0, whole.size() * 2 / 3 / 188 * 188 + 100));
  check_fails(folder, cut, out, Code::damaged, "cut." + kind);
  const Ran ran = run_through(cut, out, tolerant());
  CAPTURE(ran.error.message);
  REQUIRE(ran.error.message.empty());
  REQUIRE(ran.frames > 5);
  REQUIRE(ran.frames < 24);
  REQUIRE(clips::read(out).first("video").packets.size() == static_cast<std::size_t>(ran.frames));
  REQUIRE_FALSE(ran.warnings.empty());
}

TEST_CASE("an MP4 whose index is missing is damaged") {
  const clips::Folder folder;
  clips::make(folder / "whole.mp4", silent());
  const std::string whole = bytes_of(folder / "whole.mp4");
  write(folder / "cut.mp4", whole.substr(0, whole.size() / 2));
  check_fails(folder, folder / "cut.mp4", folder / "out.mp4", Code::damaged, "truncated");
}

TEST_CASE("broken packets are damage at a named frame, and counted under tolerant") {
  const clips::Folder folder;
  clips::make(folder / "whole.mp4", silent());
  std::string bytes = bytes_of(folder / "whole.mp4");
  const auto data = bytes.find("mdat"), index = bytes.find("moov");
  REQUIRE(data < index);
  for (std::size_t i = data + (index - data) / 2; i < data + (index - data) * 3 / 4; i += 5)
    bytes[i] = static_cast<char>(bytes[i] ^ 0x5a);
  write(folder / "broken.mp4", bytes);
  check_fails(folder, folder / "broken.mp4", folder / "out.mp4", Code::damaged, "at frame ");
  const Ran ran = run_through(folder / "broken.mp4", folder / "out.mp4", tolerant());
  CAPTURE(ran.error.message);
  REQUIRE(ran.error.message.empty());
  REQUIRE(ran.frames + ran.lost >= 20);
  REQUIRE((ran.lost > 0 || !ran.warnings.empty()));
}

TEST_CASE("any byte may be wrong: an answer comes, and nothing is left behind") {
  const clips::Folder folder;
  const std::string kind = GENERATE("mp4", "mkv", "ts");
  clips::make(folder / ("whole." + kind), silent());
  const std::string whole = bytes_of(folder / ("whole." + kind));
  unsigned state = 1;
  for (int round = 0; round < 12; ++round) {
    std::string bytes = whole;
    for (int k = 0; k < 20; ++k) {
      state = state * 1664525U + 1013904223U;
      bytes[state % bytes.size()] = static_cast<char>(state >> 24);
    }
    write(folder / ("bad." + kind), bytes);
    const Ran ran = run_through(folder / ("bad." + kind), folder / ("out." + kind),
                                round % 2 ? tolerant() : quick_options());
    CAPTURE(kind, round, ran.error.message);
    REQUIRE(fs::exists(folder / ("out." + kind)) == ran.error.message.empty());
    fs::remove(folder / ("out." + kind));
    REQUIRE(folder.names().size() == 2);
  }
}

TEST_CASE("a size that changes in mid-stream is refused with both sizes") {
  const clips::Folder folder;
  clips::make_changing_size(folder / "in.ts");
  check_fails(folder, folder / "in.ts", folder / "out.ts", Code::unsupported, "96x64");
}

TEST_CASE("an encrypted file is told apart from a broken one") {
  const clips::Folder folder;
  clips::Clip clip = silent();
  clip.muxing = {{"encryption_scheme", "cenc-aes-ctr"},
                 {"encryption_key", "00112233445566778899aabbccddeeff"},
                 {"encryption_kid", "ffeeddccbbaa99887766554433221100"}};
  clips::make(folder / "in.mp4", clip);
  check_fails(folder, folder / "in.mp4", folder / "out.mp4", Code::encrypted, "encrypted");
  clips::make(folder / "in.ts", silent());
  std::string bytes = bytes_of(folder / "in.ts");
  for (std::size_t at = 0; at + 188 <= bytes.size(); at += 188) {
    const unsigned pid = (static_cast<unsigned char>(bytes[at + 1]) & 0x1FU) << 8 |
                         static_cast<unsigned char>(bytes[at + 2]);
    if (pid != 0x100) continue;  // the video
    bytes[at + 3] = static_cast<char>(bytes[at + 3] | 0x80);
    for (std::size_t i = at + 16; i < at + 188; ++i) bytes[i] = static_cast<char>(bytes[i] ^ 0x77);
  }
  write(folder / "in.ts", bytes);
  check_fails(folder, folder / "in.ts", folder / "out.ts", Code::encrypted, "scrambled");
}

TEST_CASE("the output is never the input, under whatever name") {
  const clips::Folder folder;
  clips::make(folder / "in.mp4", silent());
  const std::string before = bytes_of(folder / "in.mp4");
  fs::create_symlink("in.mp4", folder / "link.mp4");
  fs::create_hard_link(folder / "in.mp4", folder / "hard.mp4");
  for (const std::string out : {"in.mp4", "link.mp4", "hard.mp4", "./in.mp4"})
    check_fails(folder, folder / "in.mp4", folder / out, Code::same_file, "is the input");
  REQUIRE(bytes_of(folder / "in.mp4") == before);
}

TEST_CASE("places and names that cannot be written are refused") {
  const clips::Folder folder;
  clips::make(folder / "in.mp4", silent());
  const std::string in = folder / "in.mp4";
  check_fails(folder, in, folder / "none/out.mp4", Code::unwritable, "none/out.mp4");
  check_fails(folder, in, "/dev/null/out.mp4", Code::unwritable, "/dev/null");
  check_fails(folder, in, folder / "out.avi", Code::unsupported, ".mkv");
  check_fails(folder, in, folder / "out", Code::unsupported, ".mkv");
  fs::create_directory(folder / "dir.mp4");
  check_fails(folder, in, folder / "dir.mp4", Code::unwritable, "folder");
}

TEST_CASE("an output that grows past what is allowed leaves nothing, and the old file as it was") {
  const clips::Folder folder;
  clips::make(folder / "in.mp4", silent());
  write(folder / "out.mp4", "an older film");
  {
    const FileLimit limit(2000);
    check_fails(folder, folder / "in.mp4", folder / "out.mp4", Code::unwritable, "largest size");
  }
  REQUIRE(bytes_of(folder / "out.mp4") == "an older film");
}

TEST_CASE("an encoder given up half way leaves nothing behind") {
  const clips::Folder folder;
  clips::make(folder / "in.mp4", {});
  auto decoder = VideoDecoder::open(folder / "in.mp4", quick_options());
  REQUIRE(decoder);
  {
    auto encoder = VideoEncoder::open(folder / "out.mp4", *decoder, quick_options());
    REQUIRE(encoder);
    Frame frame;
    for (int i = 0; i < 5; ++i) {
      REQUIRE(decoder->pull(frame));
      REQUIRE(encoder->push(frame));
    }
    REQUIRE(folder.names().size() == 2);
  }
  REQUIRE(folder.names() == std::vector<std::string>{"in.mp4"});
}

TEST_CASE("frames in the wrong order or of another size are not taken, and harm nothing") {
  const clips::Folder folder;
  clips::make(folder / "in.mp4", silent());
  auto decoder = VideoDecoder::open(folder / "in.mp4", quick_options());
  REQUIRE(decoder);
  auto encoder = VideoEncoder::open(folder / "out.mp4", *decoder, quick_options());
  REQUIRE(encoder);
  Frame frame;
  REQUIRE(decoder->pull(frame));
  REQUIRE(encoder->push(frame));
  const auto again = encoder->push(frame);
  REQUIRE_FALSE(again);
  REQUIRE(again.error().code == Code::bad_order);
  auto other = Frame::allocate(frame.format(), {32, 32});
  REQUIRE(other);
  other->pts = frame.pts + 100000;
  const auto wrong = encoder->push(*other);
  REQUIRE_FALSE(wrong);
  REQUIRE(wrong.error().code == Code::invalid_argument);
  REQUIRE(decoder->pull(frame));
  REQUIRE(encoder->push(frame));
  REQUIRE(encoder->finish());
  REQUIRE(clips::read(folder / "out.mp4").first("video").packets.size() == 2);
}

TEST_CASE("options that an encoder does not have are named, and an absent encoder is replaced") {
  const clips::Folder folder;
  clips::make(folder / "in.mp4", silent());
  Options options = quick_options();
  options.encoder_options = "preset=veryfast:no_such_key=3";
  check_fails(folder, folder / "in.mp4", folder / "out.mp4", Code::invalid_option, "no_such_key",
              options);
  options.encoder_options = "";
  options.encoder = "no_such_encoder";
  const Ran ran = run_through(folder / "in.mp4", folder / "out.mp4", options);
  REQUIRE(ran.error.message.empty());
  REQUIRE(ran.encoder == "libx264");
  REQUIRE(ran.degradations.size() == 1);
  REQUIRE(ran.degradations[0].from == "no_such_encoder");
  fs::remove(folder / "out.mp4");
  options.strict = true;
  check_fails(folder, folder / "in.mp4", folder / "out.mp4", Code::degraded, "no_such_encoder",
              options);
}
