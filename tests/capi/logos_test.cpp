// Masters through the C API: a plan's overlays written, and read back.
#include <cstddef>
#include <cstring>
#include <filesystem>

#include "capi/files.h"
#include "media_clips.h"

using namespace capi_test;

namespace {

/// A restorer's plan after 60 pictures with the mark at 12,10.
cleanplate_plan* plan_of(const char* method) {
  cleanplate_options* options = told_options(method);
  C_OK(cleanplate_options_set_real(options, "accumulation_seconds", 1, error));
  const auto video = video_info();
  cleanplate_restorer* restorer = nullptr;
  cleanplate_plan* plan = nullptr;
  C_OK(cleanplate_restorer_create(options, &video, nullptr, nullptr, nullptr, &restorer, error));
  for (int n = 0; n < 60; ++n) {
    cleanplate_frame *frame = picture(n), *out = nullptr;
    C_OK(cleanplate_restorer_push(restorer, frame, error));
    REQUIRE(cleanplate_frame_destroy(frame) == CLEANPLATE_OK);
    while (cleanplate_restorer_pull(restorer, &out, nullptr) == CLEANPLATE_OK)
      REQUIRE(cleanplate_frame_destroy(out) == CLEANPLATE_OK);
  }
  C_OK(cleanplate_restorer_plan(restorer, &plan, error));
  REQUIRE(cleanplate_restorer_destroy(restorer) == CLEANPLATE_OK);
  REQUIRE(cleanplate_options_destroy(options) == CLEANPLATE_OK);
  return plan;
}

}  // namespace

TEST_CASE("an overlay of a plan is written as a master of each kind, in its place") {
  const clips::Folder folder;
  cleanplate_plan* plan = plan_of("unblend");
  for (const char* name : {"a.lgd", "a.ldp", "a.png"})
    for (const int index : {0, -1}) {
      CAPTURE(name, index);
      C_OK(cleanplate_plan_write_logo(plan, index, (folder / name).c_str(), error));
      auto info = sized<cleanplate_logo_info>();
      C_OK(cleanplate_logo_read_info((folder / name).c_str(), 0, &info, error));
      REQUIRE(info.count == 1);
      REQUIRE(info.width >= 28);
      REQUIRE(info.width <= 48);
      REQUIRE(info.height >= 16);
      REQUIRE(info.height <= 36);
      if (std::string(name) == "a.png") {
        REQUIRE(info.placed == 0);
        REQUIRE(std::string(info.name).empty());
      } else {
        REQUIRE(info.placed == 1);
        REQUIRE(info.x + info.width / 2 >= 24);
        REQUIRE(info.x + info.width / 2 <= 32);
        REQUIRE(std::string(info.name) == "cleanplate 1 96x64");
      }
    }
  REQUIRE(cleanplate_plan_destroy(plan) == CLEANPLATE_OK);
}

TEST_CASE("a master that cannot be written, or read, is an error and no file") {
  const clips::Folder folder;
  cleanplate_plan *plan = plan_of("unblend"), *blind = plan_of("fill");
  const std::string path = folder / "a.lgd";
  REQUIRE(cleanplate_plan_write_logo(plan, 1, path.c_str(), nullptr) ==
          CLEANPLATE_ERROR_INVALID_ARGUMENT);
  REQUIRE(cleanplate_plan_write_logo(plan, -2, path.c_str(), nullptr) ==
          CLEANPLATE_ERROR_INVALID_ARGUMENT);
  REQUIRE(cleanplate_plan_write_logo(plan, 0, nullptr, nullptr) ==
          CLEANPLATE_ERROR_INVALID_ARGUMENT);
  REQUIRE(cleanplate_plan_write_logo(plan, 0, (folder / "a.gif").c_str(), nullptr) ==
          CLEANPLATE_ERROR_INVALID_ARGUMENT);
  REQUIRE(cleanplate_plan_write_logo(plan, 0, (folder / "no/a.lgd").c_str(), nullptr) ==
          CLEANPLATE_ERROR_UNWRITABLE);
  for (const int index : {0, -1}) {
    Err e;
    REQUIRE(cleanplate_plan_write_logo(blind, index, path.c_str(), &e) ==
            CLEANPLATE_ERROR_INVALID_ARGUMENT);
    REQUIRE(std::string(e.message).find("no master to write") != std::string::npos);
  }
  REQUIRE(folder.names().empty());

  auto info = sized<cleanplate_logo_info>();
  REQUIRE(cleanplate_logo_read_info(path.c_str(), 0, &info, nullptr) == CLEANPLATE_ERROR_NOT_FOUND);
  C_OK(cleanplate_plan_write_logo(plan, 0, path.c_str(), error));
  REQUIRE(cleanplate_logo_read_info(path.c_str(), 1, &info, nullptr) ==
          CLEANPLATE_ERROR_INVALID_ARGUMENT);
  REQUIRE(cleanplate_logo_read_info(path.c_str(), 0, nullptr, nullptr) ==
          CLEANPLATE_ERROR_INVALID_ARGUMENT);
  // An older header's struct, as it were: nothing past it is written.
  info.x = 77;
  info.struct_size = offsetof(cleanplate_logo_info, placed);
  C_OK(cleanplate_logo_read_info(path.c_str(), 0, &info, error));
  REQUIRE(info.x == 77);
  info.struct_size = offsetof(cleanplate_logo_info, height);
  REQUIRE(cleanplate_logo_read_info(path.c_str(), 0, &info, nullptr) ==
          CLEANPLATE_ERROR_STRUCT_SIZE);
  for (auto* p : {plan, blind}) REQUIRE(cleanplate_plan_destroy(p) == CLEANPLATE_OK);
}

namespace {

/// A file of 60 pictures with the mark at 12,10.
void make_marked(const clips::Folder& folder, const std::string& path) {
  clips::Clip clip;
  for (int n = 0; n < 60; ++n) clip.times.push_back(3600 * n);
  clips::make(folder / "plain.mp4", clip);
  cleanplate_decoder* decoder = nullptr;
  cleanplate_encoder* encoder = nullptr;
  C_OK(cleanplate_decoder_open((folder / "plain.mp4").c_str(), nullptr, &decoder, error));
  C_OK(cleanplate_encoder_open(path.c_str(), decoder, nullptr, &encoder, error));
  for (int n = 0; n < 60; ++n) {
    cleanplate_frame *plain = nullptr, *from = picture(n), *to = nullptr;
    auto info = sized<cleanplate_frame_info>();
    C_OK(cleanplate_decoder_pull(decoder, &plain, error));
    C_OK(cleanplate_frame_get_info(plain, &info, error));
    C_OK(cleanplate_frame_allocate(&info, &to, error));
    for (int c = 0; c < 3; ++c) {
      auto source = sized<cleanplate_component>(), target = source;
      C_OK(cleanplate_frame_read(from, c, &source, error));
      C_OK(cleanplate_frame_write(to, c, &target, error));
      for (int y = 0; y < source.height; ++y)
        std::memcpy(static_cast<char*>(target.data) + y * target.stride,
                    static_cast<char*>(source.data) + y * source.stride,
                    static_cast<std::size_t>(source.width));
    }
    C_OK(cleanplate_encoder_push(encoder, to, error));
    for (auto* f : {plain, from, to}) REQUIRE(cleanplate_frame_destroy(f) == CLEANPLATE_OK);
  }
  C_OK(cleanplate_encoder_finish(encoder, error));
  REQUIRE(cleanplate_encoder_destroy(encoder) == CLEANPLATE_OK);
  REQUIRE(cleanplate_decoder_destroy(decoder) == CLEANPLATE_OK);
}

}  // namespace

TEST_CASE("a file's plan is written as a master, though the file be gone") {
  const clips::Folder folder;
  make_marked(folder, folder / "in.mp4");
  cleanplate_options* options = told_options("unblend");
  cleanplate_pipeline* pipeline = nullptr;
  cleanplate_plan* plan = nullptr;
  C_OK(cleanplate_pipeline_create(options, &pipeline, error));
  C_OK(cleanplate_pipeline_plan(pipeline, (folder / "in.mp4").c_str(), nullptr, nullptr, &plan,
                                error));
  std::filesystem::remove(std::string(folder / "in.mp4"));
  C_OK(cleanplate_plan_write_logo(plan, -1, (folder / "a.ldp").c_str(), error));
  auto info = sized<cleanplate_logo_info>();
  C_OK(cleanplate_logo_read_info((folder / "a.ldp").c_str(), 0, &info, error));
  REQUIRE(std::string(info.name) == "cleanplate 1 96x64");
  REQUIRE(cleanplate_plan_destroy(plan) == CLEANPLATE_OK);
  REQUIRE(cleanplate_pipeline_destroy(pipeline) == CLEANPLATE_OK);
  REQUIRE(cleanplate_options_destroy(options) == CLEANPLATE_OK);
}
