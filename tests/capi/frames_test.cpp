// Frames over the caller's memory, through the restorer and through stages of the caller.
#include <deque>

#include "capi/files.h"

using namespace capi_test;

namespace {

struct Memory {
  std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(96 * 64 * 3 / 2, 80);
  int released = 0;
};
void release(void* user) { ++static_cast<Memory*>(user)->released; }

cleanplate_frame_memory memory_of(Memory& m) {
  auto memory = sized<cleanplate_frame_memory>();
  memory.planes[0] = m.bytes.data();
  memory.planes[1] = m.bytes.data() + 96 * 64;
  memory.planes[2] = m.bytes.data() + 96 * 64 * 5 / 4;
  memory.strides[0] = 96, memory.strides[1] = memory.strides[2] = 48;
  memory.release = release;
  memory.user = &m;
  return memory;
}

cleanplate_restorer* restorer_of(const cleanplate_options* options,
                                 const cleanplate_parts* parts = nullptr,
                                 const cleanplate_cancel* cancel = nullptr) {
  const auto video = video_info();
  cleanplate_restorer* restorer = nullptr;
  C_OK(cleanplate_restorer_create(options, &video, nullptr, parts, cancel, &restorer, error));
  return restorer;
}

/// All that comes out until the flow is `end`; the pts must rise.
void drain(cleanplate_restorer* restorer, std::vector<std::vector<std::uint8_t>>& out, int end) {
  for (;;) {
    cleanplate_frame* frame = nullptr;
    Err e;
    const auto flow = cleanplate_restorer_pull(restorer, &frame, &e);
    INFO(e.message);
    if (flow != CLEANPLATE_OK) {
      REQUIRE(flow == end);
      REQUIRE(frame == nullptr);
      return;
    }
    auto info = sized<cleanplate_frame_info>();
    C_OK(cleanplate_frame_get_info(frame, &info, error));
    REQUIRE(info.pts == 40 * static_cast<int>(out.size()));
    out.push_back(samples(frame));
    REQUIRE(cleanplate_frame_destroy(frame) == CLEANPLATE_OK);
  }
}

std::vector<std::vector<std::uint8_t>> through(cleanplate_restorer* restorer, int frames) {
  std::vector<std::vector<std::uint8_t>> out;
  std::int32_t latency = 0;
  C_OK(cleanplate_restorer_latency(restorer, &latency, error));
  for (int n = 0; n < frames; ++n) {
    cleanplate_frame* frame = picture(n);
    C_OK(cleanplate_restorer_push(restorer, frame, error));
    REQUIRE(cleanplate_frame_destroy(frame) == CLEANPLATE_OK);  // the restorer shares it
    drain(restorer, out, CLEANPLATE_AGAIN);
    REQUIRE(n + 1 - static_cast<int>(out.size()) <= latency);
  }
  C_OK(cleanplate_restorer_flush(restorer, error));
  drain(restorer, out, CLEANPLATE_END);
  return out;
}

}  // namespace

TEST_CASE("the caller's memory is used as it is and given back once") {
  Memory mine;
  const auto info = frame_info(0);
  const auto memory = memory_of(mine);
  cleanplate_frame *frame = nullptr, *shared = nullptr;
  C_OK(cleanplate_frame_wrap(&info, &memory, &frame, error));
  auto view = sized<cleanplate_component>();
  C_OK(cleanplate_frame_read(frame, 1, &view, error));
  REQUIRE(view.data == mine.bytes.data() + 96 * 64);
  REQUIRE(view.width == 48);
  REQUIRE(cleanplate_frame_write(frame, 0, &view, nullptr) == CLEANPLATE_ERROR_INVALID_ARGUMENT);
  REQUIRE(cleanplate_frame_read(frame, 3, &view, nullptr) == CLEANPLATE_ERROR_INVALID_ARGUMENT);
  C_OK(cleanplate_frame_share(frame, &shared, error));
  REQUIRE(cleanplate_frame_destroy(frame) == CLEANPLATE_OK);
  REQUIRE(mine.released == 0);
  REQUIRE(cleanplate_frame_destroy(shared) == CLEANPLATE_OK);
  REQUIRE(mine.released == 1);

  auto wrong = memory;
  wrong.planes[2] = nullptr;
  frame = nullptr;
  REQUIRE(cleanplate_frame_wrap(&info, &wrong, &frame, nullptr) ==
          CLEANPLATE_ERROR_INVALID_ARGUMENT);
  REQUIRE(frame == nullptr);
  REQUIRE(mine.released == 1);  // a failed wrap leaves the memory with the caller
}

TEST_CASE("a restorer gives the memory of every frame back by the time it is destroyed") {
  std::deque<Memory> all(30);
  cleanplate_options* options = told_options("fill");
  cleanplate_restorer* restorer = restorer_of(options);
  for (int n = 0; n < 30; ++n) {
    const auto info = frame_info(n);
    const auto memory = memory_of(all[static_cast<std::size_t>(n)]);
    cleanplate_frame *frame = nullptr, *out = nullptr;
    C_OK(cleanplate_frame_wrap(&info, &memory, &frame, error));
    C_OK(cleanplate_restorer_push(restorer, frame, error));
    REQUIRE(cleanplate_frame_destroy(frame) == CLEANPLATE_OK);
    if (cleanplate_restorer_pull(restorer, &out, nullptr) == CLEANPLATE_OK)
      REQUIRE(cleanplate_frame_destroy(out) == CLEANPLATE_OK);
  }
  REQUIRE(cleanplate_restorer_destroy(restorer) == CLEANPLATE_OK);
  for (const Memory& m : all) REQUIRE(m.released == 1);
  REQUIRE(cleanplate_options_destroy(options) == CLEANPLATE_OK);
}

TEST_CASE("frames through the C restorer: none lost, the latency kept, the plan and report told") {
  cleanplate_options* options = told_options("unblend");
  C_OK(cleanplate_options_set_real(options, "accumulation_seconds", 1, error));
  cleanplate_restorer* restorer = restorer_of(options);
  const auto out = through(restorer, 60);
  REQUIRE(out.size() == 60);
  cleanplate_frame* first = picture(30);
  REQUIRE(out[30] != samples(first));
  REQUIRE(cleanplate_frame_destroy(first) == CLEANPLATE_OK);

  cleanplate_plan* plan = nullptr;
  cleanplate_report* report = nullptr;
  C_OK(cleanplate_restorer_plan(restorer, &plan, error));
  C_OK(cleanplate_restorer_report(restorer, &report, error));
  auto plan_info = sized<cleanplate_plan_info>();
  C_OK(cleanplate_plan_get(plan, &plan_info, error));
  REQUIRE(plan_info.overlays == 1);
  auto overlay = sized<cleanplate_overlay>();
  C_OK(cleanplate_plan_overlay(plan, 0, &overlay, error));
  REQUIRE(overlay.width == 32);
  REQUIRE(overlay.estimated == 1);
  REQUIRE(overlay.opacity > .1);
  REQUIRE(overlay.opacity < .9);
  auto report_info = sized<cleanplate_report_info>();
  C_OK(cleanplate_report_get(report, &report_info, error));
  REQUIRE(report_info.frames_out == 60);
  REQUIRE(report_info.frames_changed == 60);
  REQUIRE(report_info.methods == 1);
  auto method = sized<cleanplate_report_method_info>();
  C_OK(cleanplate_report_method(report, 0, &method, error));
  REQUIRE(std::string(method.method) == "unblend");
  auto stage = sized<cleanplate_report_stage_info>();
  C_OK(cleanplate_report_stage(report, 1, &stage, error));
  REQUIRE(stage.busy_seconds > 0);
  auto candidate = sized<cleanplate_candidate>();
  C_OK(cleanplate_report_candidate(report, 0, &candidate, error));
  REQUIRE(std::string(candidate.reason).size() > 5);
  std::size_t needed = 0;
  C_OK(cleanplate_report_to_json(report, nullptr, 0, &needed, error));
  std::string json(needed, 0);
  C_OK(cleanplate_report_to_json(report, json.data(), needed, nullptr, error));
  REQUIRE(json.find("\"version\": 1") != std::string::npos);

  // The plan, in another restorer and through an inpainter in a loop of one's own.
  const auto video = video_info();
  cleanplate_restorer* planned = nullptr;
  C_OK(cleanplate_restorer_create(options, &video, plan, nullptr, nullptr, &planned, error));
  REQUIRE(through(planned, 60) == out);
  cleanplate_inpainter* inpainter = nullptr;
  C_OK(cleanplate_inpainter_create(options, &video, plan, &inpainter, error));
  for (int n = 0; n < 60; ++n) {
    cleanplate_frame* frame = picture(n);
    cleanplate_mask* mask = nullptr;
    C_OK(cleanplate_plan_mask(plan, .04 * n, 40 * n, &mask, error));
    C_OK(cleanplate_inpainter_push(inpainter, frame, mask, error));
    REQUIRE(cleanplate_mask_destroy(mask) == CLEANPLATE_OK);
    REQUIRE(cleanplate_frame_destroy(frame) == CLEANPLATE_OK);
  }
  C_OK(cleanplate_inpainter_flush(inpainter, error));
  for (const auto& expected : out) {
    cleanplate_frame* done = nullptr;
    C_OK(cleanplate_inpainter_pull(inpainter, &done, error));
    REQUIRE(samples(done) == expected);
    REQUIRE(cleanplate_frame_destroy(done) == CLEANPLATE_OK);
  }
  REQUIRE(cleanplate_inpainter_destroy(inpainter) == CLEANPLATE_OK);
  REQUIRE(cleanplate_restorer_destroy(planned) == CLEANPLATE_OK);
  REQUIRE(cleanplate_report_destroy(report) == CLEANPLATE_OK);
  REQUIRE(cleanplate_plan_destroy(plan) == CLEANPLATE_OK);
  REQUIRE(cleanplate_restorer_destroy(restorer) == CLEANPLATE_OK);
  REQUIRE(cleanplate_options_destroy(options) == CLEANPLATE_OK);
}

TEST_CASE("a restorer that was flushed, or cancelled, says so") {
  cleanplate_options* options = told_options();
  cleanplate_cancel* cancel = nullptr;
  C_OK(cleanplate_cancel_create(&cancel, error));
  cleanplate_restorer *flushed = restorer_of(options),
                      *stopped = restorer_of(options, nullptr, cancel);
  cleanplate_frame *a = picture(0), *b = picture(1);
  C_OK(cleanplate_restorer_push(flushed, a, error));
  REQUIRE(cleanplate_restorer_push(flushed, a, nullptr) == CLEANPLATE_ERROR_BAD_ORDER);
  C_OK(cleanplate_restorer_flush(flushed, error));
  C_OK(cleanplate_restorer_flush(flushed, error));
  REQUIRE(cleanplate_restorer_push(flushed, b, nullptr) == CLEANPLATE_ERROR_INVALID_ARGUMENT);
  std::vector<std::vector<std::uint8_t>> out;
  drain(flushed, out, CLEANPLATE_END);
  REQUIRE(out.size() == 1);
  C_OK(cleanplate_restorer_push(stopped, a, error));
  REQUIRE(cleanplate_cancel_set(cancel) == CLEANPLATE_OK);
  REQUIRE(cleanplate_cancel_destroy(cancel) == CLEANPLATE_OK);
  REQUIRE(cleanplate_restorer_push(stopped, b, nullptr) == CLEANPLATE_ERROR_CANCELLED);
  for (auto* r : {flushed, stopped}) REQUIRE(cleanplate_restorer_destroy(r) == CLEANPLATE_OK);
  for (auto* f : {a, b}) REQUIRE(cleanplate_frame_destroy(f) == CLEANPLATE_OK);
  REQUIRE(cleanplate_options_destroy(options) == CLEANPLATE_OK);
}

namespace {

/// All three stages, written in the way of C.
struct OwnStages {
  std::deque<std::int64_t> seen;
  std::deque<cleanplate_mask*> masks;
  std::deque<cleanplate_frame*> frames;
  bool flushed[3] = {false, false, false};
  int released = 0, fail_at = -1, pushed = 0;
};
OwnStages& of(void* user) { return *static_cast<OwnStages*>(user); }
void let_go(void* user) { ++of(user).released; }

cleanplate_detector_callbacks own_detector(OwnStages& own) {
  auto c = sized<cleanplate_detector_callbacks>();
  c.user = &own;
  c.release = let_go;
  c.push = [](void* user, const cleanplate_frame* frame, cleanplate_error* error) -> std::int32_t {
    if (of(user).pushed++ == of(user).fail_at) {
      std::snprintf(error->message, sizeof error->message, "My detector has a headache.");
      return CLEANPLATE_ERROR_DEVICE;
    }
    auto info = sized<cleanplate_frame_info>();
    if (const auto code = cleanplate_frame_get_info(frame, &info, error)) return code;
    of(user).seen.push_back(info.pts);
    return CLEANPLATE_OK;
  };
  c.pull = [](void* user, cleanplate_detections** out, cleanplate_error* error) -> std::int32_t {
    if (of(user).seen.empty()) return of(user).flushed[0] ? CLEANPLATE_END : CLEANPLATE_AGAIN;
    if (const auto code = cleanplate_detections_create(of(user).seen.front(), out, error))
      return code;
    of(user).seen.pop_front();
    auto box = sized<cleanplate_detection>();
    box.x = 12, box.y = 10, box.width = 32, box.height = 20, box.score = 1;
    return cleanplate_detections_add(*out, &box, 1, sizeof box, error);
  };
  c.flush = [](void* user, cleanplate_error*) -> std::int32_t {
    of(user).flushed[0] = true;
    return CLEANPLATE_OK;
  };
  return c;
}

cleanplate_tracker_callbacks own_tracker(OwnStages& own) {
  auto c = sized<cleanplate_tracker_callbacks>();
  c.user = &own;
  c.release = let_go;
  c.push = [](void* user, const cleanplate_detections* seen,
              cleanplate_error* error) -> std::int32_t {
    std::int64_t pts = 0;
    std::int32_t count = 0;
    if (const auto code = cleanplate_detections_get(seen, &pts, &count, error)) return code;
    cleanplate_mask* mask = nullptr;
    if (const auto code = cleanplate_mask_create(pts, &mask, error)) return code;
    for (int i = 0; i < count; ++i) {
      auto d = sized<cleanplate_detection>();
      if (const auto code = cleanplate_detections_at(seen, i, &d, error)) return code;
      const std::vector<std::uint8_t> values(static_cast<std::size_t>(d.width * d.height), 255);
      auto part = sized<cleanplate_mask_part>();
      part.x = d.x, part.y = d.y, part.width = part.stride = d.width, part.height = d.height;
      part.values = values.data();
      if (const auto code = cleanplate_mask_add(mask, &part, 1, sizeof part, error)) return code;
    }
    of(user).masks.push_back(mask);
    return CLEANPLATE_OK;
  };
  c.pull = [](void* user, cleanplate_mask** out, cleanplate_error*) -> std::int32_t {
    if (of(user).masks.empty()) return of(user).flushed[1] ? CLEANPLATE_END : CLEANPLATE_AGAIN;
    *out = of(user).masks.front();
    of(user).masks.pop_front();
    return CLEANPLATE_OK;
  };
  c.flush = [](void* user, cleanplate_error*) -> std::int32_t {
    of(user).flushed[1] = true;
    return CLEANPLATE_OK;
  };
  return c;
}

/// Paints what is masked black.
cleanplate_inpainter_callbacks own_inpainter(OwnStages& own) {
  auto c = sized<cleanplate_inpainter_callbacks>();
  c.user = &own;
  c.release = let_go;
  c.push = [](void* user, const cleanplate_frame* frame, const cleanplate_mask* mask,
              cleanplate_error* error) -> std::int32_t {
    cleanplate_frame* copy = nullptr;
    if (const auto code = cleanplate_frame_copy(frame, &copy, error)) return code;
    auto luma = sized<cleanplate_component>();
    auto part = sized<cleanplate_mask_part>();
    if (const auto code = cleanplate_frame_write(copy, 0, &luma, error)) return code;
    if (const auto code = cleanplate_mask_at(mask, 0, &part, error)) return code;
    for (int y = part.y; y < part.y + part.height; ++y)
      for (int x = part.x; x < part.x + part.width; ++x)
        static_cast<std::uint8_t*>(luma.data)[y * luma.stride + x] = 0;
    of(user).frames.push_back(copy);
    return CLEANPLATE_OK;
  };
  c.pull = [](void* user, cleanplate_frame** out, cleanplate_error*) -> std::int32_t {
    if (of(user).frames.empty()) return of(user).flushed[2] ? CLEANPLATE_END : CLEANPLATE_AGAIN;
    *out = of(user).frames.front();
    of(user).frames.pop_front();
    return CLEANPLATE_OK;
  };
  c.flush = [](void* user, cleanplate_error*) -> std::int32_t {
    of(user).flushed[2] = true;
    return CLEANPLATE_OK;
  };
  return c;
}

}  // namespace

TEST_CASE("stages written in C take the places of the library's, and are let go once") {
  OwnStages own;
  const auto d = own_detector(own);
  const auto t = own_tracker(own);
  const auto i = own_inpainter(own);
  auto parts = sized<cleanplate_parts>();
  C_OK(cleanplate_detector_create_own(&d, &parts.detector, error));
  C_OK(cleanplate_tracker_create_own(&t, &parts.tracker, error));
  C_OK(cleanplate_inpainter_create_own(&i, &parts.inpainter, error));
  cleanplate_restorer* restorer = restorer_of(nullptr, &parts);
  // Lent: nobody else may call them, nor have them a second time.
  REQUIRE(cleanplate_detector_flush(parts.detector, nullptr) == CLEANPLATE_ERROR_BUSY);
  cleanplate_restorer* second = nullptr;
  const auto video = video_info();
  REQUIRE(cleanplate_restorer_create(nullptr, &video, nullptr, &parts, nullptr, &second, nullptr) ==
          CLEANPLATE_ERROR_BUSY);
  // They may be destroyed first.
  REQUIRE(cleanplate_detector_destroy(parts.detector) == CLEANPLATE_OK);
  REQUIRE(cleanplate_tracker_destroy(parts.tracker) == CLEANPLATE_OK);
  const auto out = through(restorer, 20);
  REQUIRE(out.size() == 20);
  for (const auto& frame : out) {
    REQUIRE(frame[96 * 15 + 20] == 0);
    REQUIRE(frame[96 * 50 + 20] != 0);
  }
  REQUIRE(own.released == 0);
  REQUIRE(cleanplate_restorer_destroy(restorer) == CLEANPLATE_OK);
  REQUIRE(own.released == 2);
  REQUIRE(cleanplate_inpainter_flush(parts.inpainter, nullptr) == CLEANPLATE_OK);  // free again
  REQUIRE(cleanplate_inpainter_destroy(parts.inpainter) == CLEANPLATE_OK);
  REQUIRE(own.released == 3);
}

TEST_CASE("a still mark of a tracker written in C is one overlay to the library's inpainter") {
  OwnStages own;
  const auto d = own_detector(own);
  const auto t = own_tracker(own);  // makes the mask anew for every frame
  auto parts = sized<cleanplate_parts>();
  C_OK(cleanplate_detector_create_own(&d, &parts.detector, error));
  C_OK(cleanplate_tracker_create_own(&t, &parts.tracker, error));
  cleanplate_restorer* restorer = restorer_of(nullptr, &parts);
  REQUIRE(cleanplate_detector_destroy(parts.detector) == CLEANPLATE_OK);
  REQUIRE(cleanplate_tracker_destroy(parts.tracker) == CLEANPLATE_OK);
  REQUIRE(through(restorer, 30).size() == 30);
  cleanplate_report* report = nullptr;
  C_OK(cleanplate_restorer_report(restorer, &report, error));
  auto info = sized<cleanplate_report_info>();
  C_OK(cleanplate_report_get(report, &info, error));
  REQUIRE(info.frames_changed == 30);
  REQUIRE(info.methods == 1);
  REQUIRE(cleanplate_report_destroy(report) == CLEANPLATE_OK);
  REQUIRE(cleanplate_restorer_destroy(restorer) == CLEANPLATE_OK);
  REQUIRE(own.released == 2);
}

TEST_CASE("a failure of a stage written in C comes out with its own message, and stays") {
  OwnStages own;
  own.fail_at = 2;
  const auto d = own_detector(own);
  auto parts = sized<cleanplate_parts>();
  C_OK(cleanplate_detector_create_own(&d, &parts.detector, error));
  cleanplate_restorer* restorer = restorer_of(nullptr, &parts);
  for (int n = 0; n < 4; ++n) {
    cleanplate_frame* frame = picture(n);
    Err e;
    const auto code = cleanplate_restorer_push(restorer, frame, &e);
    REQUIRE(code == (n < 2 ? CLEANPLATE_OK : CLEANPLATE_ERROR_DEVICE));
    if (n >= 2) REQUIRE(std::string(e.message) == "My detector has a headache.");
    REQUIRE(cleanplate_frame_destroy(frame) == CLEANPLATE_OK);
  }
  REQUIRE(cleanplate_restorer_destroy(restorer) == CLEANPLATE_OK);
  REQUIRE(cleanplate_detector_destroy(parts.detector) == CLEANPLATE_OK);
  REQUIRE(own.released == 1);
}

TEST_CASE("a stage that says nonsense is a failure, not a crash") {
  auto c = sized<cleanplate_detector_callbacks>();
  c.push = [](void*, const cleanplate_frame*, cleanplate_error*) -> std::int32_t { return 0; };
  c.flush = [](void*, cleanplate_error*) -> std::int32_t { return 99; };
  c.pull = [](void*, cleanplate_detections** out, cleanplate_error*) -> std::int32_t {
    *out = reinterpret_cast<cleanplate_detections*>(0x77);
    return CLEANPLATE_OK;
  };
  cleanplate_detector* detector = nullptr;
  C_OK(cleanplate_detector_create_own(&c, &detector, error));
  cleanplate_detections* out = nullptr;
  REQUIRE(cleanplate_detector_pull(detector, &out, nullptr) == CLEANPLATE_ERROR_INTERNAL);
  REQUIRE(out == nullptr);
  REQUIRE(cleanplate_detector_flush(detector, nullptr) == CLEANPLATE_ERROR_INTERNAL);
  REQUIRE(cleanplate_detector_destroy(detector) == CLEANPLATE_OK);
  c.push = nullptr;
  REQUIRE(cleanplate_detector_create_own(&c, &detector, nullptr) ==
          CLEANPLATE_ERROR_INVALID_ARGUMENT);
}

TEST_CASE("the library's stages, one after another, in a loop of one's own") {
  cleanplate_options* options = told_options("fill");
  C_OK(cleanplate_options_set_integer(options, "persistence_frames", 2, error));
  const auto video = video_info();
  cleanplate_detector* detector = nullptr;
  cleanplate_tracker* tracker = nullptr;
  cleanplate_inpainter* inpainter = nullptr;
  C_OK(cleanplate_detector_create(options, &video, &detector, error));
  C_OK(cleanplate_tracker_create(options, &video, &tracker, error));
  C_OK(cleanplate_inpainter_create(options, &video, nullptr, &inpainter, error));
  std::int32_t latency = 0;
  C_OK(cleanplate_tracker_latency(tracker, &latency, error));
  REQUIRE(latency == 2);
  std::deque<cleanplate_frame*> waiting;
  int restored = 0;
  const auto forward = [&] {
    cleanplate_detections* seen = nullptr;
    while (cleanplate_detector_pull(detector, &seen, nullptr) == CLEANPLATE_OK) {
      std::int32_t count = 0;
      C_OK(cleanplate_detections_get(seen, nullptr, &count, error));
      REQUIRE(count == 1);
      C_OK(cleanplate_tracker_push(tracker, seen, error));
      REQUIRE(cleanplate_detections_destroy(seen) == CLEANPLATE_OK);
      cleanplate_mask* mask = nullptr;
      while (cleanplate_tracker_pull(tracker, &mask, nullptr) == CLEANPLATE_OK) {
        C_OK(cleanplate_inpainter_push(inpainter, waiting.front(), mask, error));
        REQUIRE(cleanplate_frame_destroy(waiting.front()) == CLEANPLATE_OK);
        waiting.pop_front();
        REQUIRE(cleanplate_mask_destroy(mask) == CLEANPLATE_OK);
      }
    }
  };
  for (int n = 0; n < 10; ++n) {
    cleanplate_frame* frame = picture(n);
    waiting.push_back(frame);
    C_OK(cleanplate_detector_push(detector, frame, error));
    forward();
  }
  C_OK(cleanplate_detector_flush(detector, error));
  C_OK(cleanplate_tracker_flush(tracker, error));
  for (cleanplate_mask* mask = nullptr;
       cleanplate_tracker_pull(tracker, &mask, nullptr) == CLEANPLATE_OK;) {
    C_OK(cleanplate_inpainter_push(inpainter, waiting.front(), mask, error));
    REQUIRE(cleanplate_frame_destroy(waiting.front()) == CLEANPLATE_OK);
    waiting.pop_front();
    REQUIRE(cleanplate_mask_destroy(mask) == CLEANPLATE_OK);
  }
  C_OK(cleanplate_inpainter_flush(inpainter, error));
  for (cleanplate_frame* done = nullptr;
       cleanplate_inpainter_pull(inpainter, &done, nullptr) == CLEANPLATE_OK; ++restored)
    REQUIRE(cleanplate_frame_destroy(done) == CLEANPLATE_OK);
  REQUIRE(restored == 10);
  REQUIRE(waiting.empty());
  REQUIRE(cleanplate_detector_destroy(detector) == CLEANPLATE_OK);
  REQUIRE(cleanplate_tracker_destroy(tracker) == CLEANPLATE_OK);
  REQUIRE(cleanplate_inpainter_destroy(inpainter) == CLEANPLATE_OK);
  REQUIRE(cleanplate_options_destroy(options) == CLEANPLATE_OK);
}
