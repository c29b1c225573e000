// Files through the C API.
#include <atomic>
#include <filesystem>
#include <thread>

#include "capi/files.h"
#include "media_clips.h"

using namespace capi_test;

namespace {

struct Seen {
  std::vector<cleanplate_frame*> kept;
  std::atomic<int> progress{0};
  std::string phase;
  cleanplate_cancel* cancel = nullptr;
};

cleanplate_pipeline_callbacks callbacks_of(Seen& seen) {
  auto c = sized<cleanplate_pipeline_callbacks>();
  c.user = &seen;
  c.progress = [](void* user, const cleanplate_progress* p) {
    auto& s = *static_cast<Seen*>(user);
    ++s.progress;
    s.phase = p->phase;
    if (s.cancel && s.phase == "restore") cleanplate_cancel_set(s.cancel);
  };
  c.restored = [](void* user, const cleanplate_frame* frame) {
    cleanplate_frame* mine = nullptr;
    if (cleanplate_frame_share(frame, &mine, nullptr) == CLEANPLATE_OK)
      static_cast<Seen*>(user)->kept.push_back(mine);
  };
  return c;
}

void let_go(Seen& seen) {
  for (auto* frame : seen.kept) REQUIRE(cleanplate_frame_destroy(frame) == CLEANPLATE_OK);
  seen.kept.clear();
}

void make(const std::string& path) {
  clips::Clip clip;
  clip.sound = "aac";
  clips::make(path, clip);
}

}  // namespace

TEST_CASE("a file goes through the C pipeline, with progress, frames and a report") {
  const clips::Folder folder;
  make(folder / "in.mp4");
  cleanplate_options* options = told_options();
  cleanplate_pipeline* pipeline = nullptr;
  cleanplate_report* report = nullptr;
  Seen seen;
  const auto callbacks = callbacks_of(seen);
  C_OK(cleanplate_pipeline_create(options, &pipeline, error));
  C_OK(cleanplate_pipeline_run(pipeline, (folder / "in.mp4").c_str(), (folder / "out.mp4").c_str(),
                               &callbacks, nullptr, &report, error));
  auto info = sized<cleanplate_report_info>();
  C_OK(cleanplate_report_get(report, &info, error));
  REQUIRE(info.frames_out == 24);
  REQUIRE(info.nothing_found == 0);
  REQUIRE(std::string(info.encoder) == "libx264");
  REQUIRE(seen.kept.size() == 24);
  REQUIRE(seen.progress > 1);
  REQUIRE(std::filesystem::file_size(folder / "out.mp4") > 500);

  // The same clip decoded, restored and encoded one call after another: the same frames.
  cleanplate_decoder* decoder = nullptr;
  cleanplate_encoder* encoder = nullptr;
  cleanplate_restorer* restorer = nullptr;
  auto video = sized<cleanplate_video_info>();
  C_OK(cleanplate_decoder_open((folder / "in.mp4").c_str(), nullptr, &decoder, error));
  C_OK(cleanplate_decoder_info(decoder, &video, error));
  REQUIRE(std::string(video.codec) == "h264");
  C_OK(cleanplate_encoder_open((folder / "loop.mp4").c_str(), decoder, options, &encoder, error));
  C_OK(cleanplate_restorer_create(options, &video, nullptr, nullptr, nullptr, &restorer, error));
  std::size_t n = 0;
  const auto take = [&] {
    for (cleanplate_frame* done = nullptr;
         cleanplate_restorer_pull(restorer, &done, nullptr) == CLEANPLATE_OK; ++n) {
      REQUIRE(samples(done) == samples(seen.kept[n]));
      C_OK(cleanplate_encoder_push(encoder, done, error));
      REQUIRE(cleanplate_frame_destroy(done) == CLEANPLATE_OK);
    }
  };
  for (;;) {
    cleanplate_frame* frame = nullptr;
    Err e;
    const auto flow = cleanplate_decoder_pull(decoder, &frame, &e);
    C_OK(cleanplate_encoder_copy_streams(encoder, decoder, error));
    if (flow == CLEANPLATE_END) break;
    REQUIRE(flow == CLEANPLATE_OK);
    C_OK(cleanplate_restorer_push(restorer, frame, error));
    REQUIRE(cleanplate_frame_destroy(frame) == CLEANPLATE_OK);
    take();
  }
  C_OK(cleanplate_restorer_flush(restorer, error));
  take();
  REQUIRE(n == 24);
  C_OK(cleanplate_encoder_finish(encoder, error));
  char name[32];
  C_OK(cleanplate_encoder_name(encoder, name, sizeof name, nullptr, error));
  REQUIRE(std::string(name) == "libx264");
  REQUIRE(cleanplate_encoder_finish(encoder, nullptr) == CLEANPLATE_ERROR_INVALID_ARGUMENT);
  REQUIRE(cleanplate_encoder_push(encoder, seen.kept[0], nullptr) ==
          CLEANPLATE_ERROR_INVALID_ARGUMENT);
  const auto written = clips::read(folder / "loop.mp4"), other = clips::read(folder / "out.mp4");
  REQUIRE(written.first("video").packets.size() == 24);
  REQUIRE(written.first("audio").packets.size() == other.first("audio").packets.size());
  std::int64_t lost = -1;
  C_OK(cleanplate_decoder_lost(decoder, &lost, error));
  REQUIRE(lost == 0);
  C_OK(cleanplate_decoder_seek(decoder, 0, error));
  REQUIRE(cleanplate_encoder_destroy(encoder) == CLEANPLATE_OK);
  REQUIRE(cleanplate_decoder_destroy(decoder) == CLEANPLATE_OK);
  REQUIRE(cleanplate_restorer_destroy(restorer) == CLEANPLATE_OK);

  let_go(seen);
  REQUIRE(cleanplate_report_destroy(report) == CLEANPLATE_OK);
  REQUIRE(cleanplate_pipeline_destroy(pipeline) == CLEANPLATE_OK);
  REQUIRE(cleanplate_options_destroy(options) == CLEANPLATE_OK);
}

TEST_CASE("a job is cancelled from its own callback, and leaves no file") {
  const clips::Folder folder;
  make(folder / "in.mp4");
  cleanplate_options* options = told_options("fill");
  cleanplate_pipeline* pipeline = nullptr;
  Seen seen;
  C_OK(cleanplate_cancel_create(&seen.cancel, error));
  const auto callbacks = callbacks_of(seen);
  C_OK(cleanplate_pipeline_create(options, &pipeline, error));
  Err e;
  REQUIRE(cleanplate_pipeline_run(pipeline, (folder / "in.mp4").c_str(),
                                  (folder / "out.mp4").c_str(), &callbacks, seen.cancel, nullptr,
                                  &e) == CLEANPLATE_ERROR_CANCELLED);
  REQUIRE(e.code == CLEANPLATE_ERROR_CANCELLED);
  REQUIRE(folder.names() == std::vector<std::string>{"in.mp4"});
  let_go(seen);
  REQUIRE(cleanplate_cancel_destroy(seen.cancel) == CLEANPLATE_OK);
  REQUIRE(cleanplate_pipeline_destroy(pipeline) == CLEANPLATE_OK);
  REQUIRE(cleanplate_options_destroy(options) == CLEANPLATE_OK);
}

TEST_CASE("a pipeline asked from its own callback says that it is busy") {
  const clips::Folder folder;
  make(folder / "in.mp4");
  struct Both {
    cleanplate_pipeline* pipeline = nullptr;
    std::atomic<std::int32_t> inner{1};
  } both;
  auto callbacks = sized<cleanplate_pipeline_callbacks>();
  callbacks.user = &both;
  callbacks.restored = [](void* user, const cleanplate_frame*) {
    auto& b = *static_cast<Both*>(user);
    b.inner = cleanplate_pipeline_run(b.pipeline, "a", "b", nullptr, nullptr, nullptr, nullptr);
  };
  cleanplate_options* options = told_options("fill");
  C_OK(cleanplate_pipeline_create(options, &both.pipeline, error));
  C_OK(cleanplate_pipeline_run(both.pipeline, (folder / "in.mp4").c_str(),
                               (folder / "out.mp4").c_str(), &callbacks, nullptr, nullptr, error));
  REQUIRE(both.inner == CLEANPLATE_ERROR_BUSY);
  REQUIRE(cleanplate_pipeline_destroy(both.pipeline) == CLEANPLATE_OK);
  REQUIRE(cleanplate_options_destroy(options) == CLEANPLATE_OK);
}

TEST_CASE("a file that is not there is an error with its name, and a plan can be made alone") {
  const clips::Folder folder;
  make(folder / "in.mp4");
  cleanplate_options* options = told_options();
  cleanplate_pipeline* pipeline = nullptr;
  cleanplate_plan* plan = nullptr;
  C_OK(cleanplate_pipeline_create(options, &pipeline, error));
  Err e;
  REQUIRE(cleanplate_pipeline_run(pipeline, (folder / "no.mp4").c_str(),
                                  (folder / "out.mp4").c_str(), nullptr, nullptr, nullptr,
                                  &e) == CLEANPLATE_ERROR_NOT_FOUND);
  REQUIRE(std::string(e.message).find("no.mp4") != std::string::npos);
  C_OK(cleanplate_pipeline_plan(pipeline, (folder / "in.mp4").c_str(), nullptr, nullptr, &plan,
                                error));
  auto candidate = sized<cleanplate_candidate>();
  C_OK(cleanplate_plan_candidate(plan, 0, &candidate, error));
  REQUIRE(candidate.accepted == 1);
  REQUIRE(candidate.width == 32);
  REQUIRE(cleanplate_plan_candidate(plan, 1, &candidate, nullptr) ==
          CLEANPLATE_ERROR_INVALID_ARGUMENT);
  REQUIRE(cleanplate_plan_destroy(plan) == CLEANPLATE_OK);
  REQUIRE(cleanplate_pipeline_destroy(pipeline) == CLEANPLATE_OK);
  REQUIRE(cleanplate_options_destroy(options) == CLEANPLATE_OK);
}

TEST_CASE("messages go to the callback that was set") {
  std::vector<std::string> lines;
  C_OK(cleanplate_set_log(
      [](void* user, std::int32_t, const char* line) {
        static_cast<std::vector<std::string>*>(user)->push_back(line);
      },
      &lines, CLEANPLATE_LOG_DEBUG, error));
  const clips::Folder folder;
  make(folder / "in.mp4");
  cleanplate_decoder* decoder = nullptr;
  C_OK(cleanplate_decoder_open((folder / "in.mp4").c_str(), nullptr, &decoder, error));
  REQUIRE(cleanplate_decoder_destroy(decoder) == CLEANPLATE_OK);
  C_OK(cleanplate_set_log(nullptr, nullptr, CLEANPLATE_LOG_INFO, error));
  REQUIRE(cleanplate_set_log(nullptr, nullptr, 9, nullptr) == CLEANPLATE_ERROR_INVALID_ARGUMENT);
}

TEST_CASE("the doctor's answer is JSON with devices, codecs and libraries") {
  std::size_t needed = 0;
  C_OK(cleanplate_doctor_json(nullptr, nullptr, 0, &needed, error));
  std::string json(needed, 0);
  Err e;
  std::size_t again = 0;
  const auto code = cleanplate_doctor_json(nullptr, json.data(), json.size(), &again, &e);
  // Free memory's digits may have grown between the two calls.
  REQUIRE((code == CLEANPLATE_OK || code == CLEANPLATE_ERROR_BUFFER_TOO_SMALL));
  for (const char* word :
       {"\"version\"", "\"devices\"", "libx264", "libavcodec", "\"cores\"", "\"card_decoders\""})
    REQUIRE(json.find(word) != std::string::npos);
}
