// A call that cannot be right gives a code and a sentence, whatever the handle is.
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <thread>

#include "capi/files.h"

using namespace capi_test;

namespace {

std::int32_t own_flush(void*, cleanplate_error*) { return 0; }

/// Every function that can fail, asked with handles that are none. `h` is what is given for each.
std::map<std::string, std::function<std::int32_t(void* h, cleanplate_error* e)>> every_call() {
  static char text[64];
  static std::size_t needed;
  static std::int32_t number;
  static std::int64_t big;
  static auto info = sized<cleanplate_frame_info>();
  static auto component = sized<cleanplate_component>();
  static auto detection = sized<cleanplate_detection>();
  static auto part = sized<cleanplate_mask_part>();
  static auto candidate = sized<cleanplate_candidate>();
  static auto overlay = sized<cleanplate_overlay>();
  static auto plan_info = sized<cleanplate_plan_info>();
  static auto report_info = sized<cleanplate_report_info>();
  static auto method = sized<cleanplate_report_method_info>();
  static auto stage = sized<cleanplate_report_stage_info>();
  static auto step = sized<cleanplate_degradation>();
  static auto option = sized<cleanplate_option_info>();
  static auto video = sized<cleanplate_video_info>();
  static auto logo = sized<cleanplate_logo_info>();
  static auto memory = sized<cleanplate_device_memory>();
  static auto good_info = frame_info(0);
  static cleanplate_frame* frame;
  static cleanplate_detections* detections;
  static cleanplate_mask* mask;
  static cleanplate_plan* plan;
  static cleanplate_report* report;
  static cleanplate_detector* detector;
  static cleanplate_tracker* tracker;
  static cleanplate_inpainter* inpainter;
  static cleanplate_restorer* restorer;
  static cleanplate_decoder* decoder;
  static cleanplate_encoder* encoder;
  static cleanplate_device* device;
#define CALL(name, handle_type, ...)                                       \
  {                                                                        \
#name, [](void* h, cleanplate_error* e) {                                \
     const auto H = static_cast<handle_type*>(h);                           \
     (void)H;                                                               \
     (void)e;                                                               \
     return name(__VA_ARGS__);                                              \
   } \
  }
  return {
      CALL(cleanplate_doctor_json, cleanplate_options, H ? H : (cleanplate_options*)0x10, text, 64,
           &needed, e),
      CALL(cleanplate_set_log, void, nullptr, nullptr, 7, e),
      CALL(cleanplate_option_at, void, -1, &option, e),
      CALL(cleanplate_options_create, void, nullptr, e),
      CALL(cleanplate_options_destroy, cleanplate_options, H ? H : (cleanplate_options*)0x10),
      CALL(cleanplate_options_set, cleanplate_options, H, "quality", "1", e),
      CALL(cleanplate_options_set_boolean, cleanplate_options, H, "strict", 1, e),
      CALL(cleanplate_options_set_integer, cleanplate_options, H, "quality", 1, e),
      CALL(cleanplate_options_set_real, cleanplate_options, H, "min_score", .5, e),
      CALL(cleanplate_options_get, cleanplate_options, H, "quality", text, 64, &needed, e),
      CALL(cleanplate_options_to_json, cleanplate_options, H ? H : (cleanplate_options*)0x10, text,
           64, &needed, e),
      CALL(cleanplate_options_from_json, cleanplate_options, H, "{}", e),
      CALL(cleanplate_cancel_create, void, nullptr, e),
      CALL(cleanplate_cancel_destroy, cleanplate_cancel, H ? H : (cleanplate_cancel*)0x10),
      CALL(cleanplate_cancel_set, cleanplate_cancel, H),
      CALL(cleanplate_frame_allocate, void, &good_info, nullptr, e),
      CALL(cleanplate_frame_wrap, void, &good_info, nullptr, &frame, e),
      CALL(cleanplate_frame_share, cleanplate_frame, H, &frame, e),
      CALL(cleanplate_frame_copy, cleanplate_frame, H, &frame, e),
      CALL(cleanplate_frame_destroy, cleanplate_frame, H ? H : (cleanplate_frame*)0x10),
      CALL(cleanplate_frame_get_info, cleanplate_frame, H, &info, e),
      CALL(cleanplate_frame_read, cleanplate_frame, H, 0, &component, e),
      CALL(cleanplate_frame_write, cleanplate_frame, H, 0, &component, e),
      CALL(cleanplate_detections_create, void, 0, nullptr, e),
      CALL(cleanplate_detections_destroy, cleanplate_detections,
           H ? H : (cleanplate_detections*)0x10),
      CALL(cleanplate_detections_add, cleanplate_detections, H, &detection, 1, sizeof detection, e),
      CALL(cleanplate_detections_get, cleanplate_detections, H, &big, &number, e),
      CALL(cleanplate_detections_at, cleanplate_detections, H, 0, &detection, e),
      CALL(cleanplate_mask_create, void, 0, nullptr, e),
      CALL(cleanplate_mask_destroy, cleanplate_mask, H ? H : (cleanplate_mask*)0x10),
      CALL(cleanplate_mask_add, cleanplate_mask, H, &part, 1, sizeof part, e),
      CALL(cleanplate_mask_at_time, cleanplate_mask, H, 0, &mask, e),
      CALL(cleanplate_mask_get, cleanplate_mask, H, &big, &number, e),
      CALL(cleanplate_mask_at, cleanplate_mask, H, 0, &part, e),
      CALL(cleanplate_plan_destroy, cleanplate_plan, H ? H : (cleanplate_plan*)0x10),
      CALL(cleanplate_plan_get, cleanplate_plan, H, &plan_info, e),
      CALL(cleanplate_plan_overlay, cleanplate_plan, H, 0, &overlay, e),
      CALL(cleanplate_plan_candidate, cleanplate_plan, H, 0, &candidate, e),
      CALL(cleanplate_plan_mask, cleanplate_plan, H, 0, 0, &mask, e),
      CALL(cleanplate_report_destroy, cleanplate_report, H ? H : (cleanplate_report*)0x10),
      CALL(cleanplate_report_get, cleanplate_report, H, &report_info, e),
      CALL(cleanplate_report_candidate, cleanplate_report, H, 0, &candidate, e),
      CALL(cleanplate_report_method, cleanplate_report, H, 0, &method, e),
      CALL(cleanplate_report_stage, cleanplate_report, H, 0, &stage, e),
      CALL(cleanplate_report_degradation, cleanplate_report, H, 0, &step, e),
      CALL(cleanplate_report_warning, cleanplate_report, H, 0, text, 64, &needed, e),
      CALL(cleanplate_report_to_json, cleanplate_report, H, text, 64, &needed, e),
      CALL(cleanplate_pipeline_create, void, nullptr, nullptr, e),
      CALL(cleanplate_pipeline_destroy, cleanplate_pipeline, H ? H : (cleanplate_pipeline*)0x10),
      CALL(cleanplate_pipeline_run, cleanplate_pipeline, H, "a", "b", nullptr, nullptr, &report, e),
      CALL(cleanplate_pipeline_plan, cleanplate_pipeline, H, "a", nullptr, nullptr, &plan, e),
      CALL(cleanplate_detector_create, void, nullptr, nullptr, &detector, e),
      CALL(cleanplate_detector_destroy, cleanplate_detector, H ? H : (cleanplate_detector*)0x10),
      CALL(cleanplate_detector_push, cleanplate_detector, H, nullptr, e),
      CALL(cleanplate_detector_pull, cleanplate_detector, H, &detections, e),
      CALL(cleanplate_detector_flush, cleanplate_detector, H, e),
      CALL(cleanplate_detector_latency, cleanplate_detector, H, &number, e),
      CALL(cleanplate_detector_create_own, void, nullptr, &detector, e),
      CALL(cleanplate_tracker_create, void, nullptr, nullptr, &tracker, e),
      CALL(cleanplate_tracker_destroy, cleanplate_tracker, H ? H : (cleanplate_tracker*)0x10),
      CALL(cleanplate_tracker_push, cleanplate_tracker, H, nullptr, e),
      CALL(cleanplate_tracker_pull, cleanplate_tracker, H, &mask, e),
      CALL(cleanplate_tracker_flush, cleanplate_tracker, H, e),
      CALL(cleanplate_tracker_latency, cleanplate_tracker, H, &number, e),
      CALL(cleanplate_tracker_create_own, void, nullptr, &tracker, e),
      CALL(cleanplate_inpainter_create, void, nullptr, nullptr, nullptr, &inpainter, e),
      CALL(cleanplate_inpainter_destroy, cleanplate_inpainter, H ? H : (cleanplate_inpainter*)0x10),
      CALL(cleanplate_inpainter_push, cleanplate_inpainter, H, nullptr, nullptr, e),
      CALL(cleanplate_inpainter_pull, cleanplate_inpainter, H, &frame, e),
      CALL(cleanplate_inpainter_flush, cleanplate_inpainter, H, e),
      CALL(cleanplate_inpainter_latency, cleanplate_inpainter, H, &number, e),
      CALL(cleanplate_inpainter_create_own, void, nullptr, &inpainter, e),
      CALL(cleanplate_restorer_create, void, nullptr, nullptr, nullptr, nullptr, nullptr, &restorer,
           e),
      CALL(cleanplate_restorer_destroy, cleanplate_restorer, H ? H : (cleanplate_restorer*)0x10),
      CALL(cleanplate_restorer_push, cleanplate_restorer, H, nullptr, e),
      CALL(cleanplate_restorer_pull, cleanplate_restorer, H, &frame, e),
      CALL(cleanplate_restorer_flush, cleanplate_restorer, H, e),
      CALL(cleanplate_restorer_latency, cleanplate_restorer, H, &number, e),
      CALL(cleanplate_restorer_plan, cleanplate_restorer, H, &plan, e),
      CALL(cleanplate_restorer_report, cleanplate_restorer, H, &report, e),
      CALL(cleanplate_decoder_open, void, nullptr, nullptr, &decoder, e),
      CALL(cleanplate_decoder_destroy, cleanplate_decoder, H ? H : (cleanplate_decoder*)0x10),
      CALL(cleanplate_decoder_info, cleanplate_decoder, H, &video, e),
      CALL(cleanplate_decoder_pull, cleanplate_decoder, H, &frame, e),
      CALL(cleanplate_decoder_seek, cleanplate_decoder, H, 0, e),
      CALL(cleanplate_decoder_lost, cleanplate_decoder, H, &big, e),
      CALL(cleanplate_encoder_open, cleanplate_decoder, "x.mp4", H, nullptr, &encoder, e),
      CALL(cleanplate_encoder_destroy, cleanplate_encoder, H ? H : (cleanplate_encoder*)0x10),
      CALL(cleanplate_encoder_push, cleanplate_encoder, H, nullptr, e),
      CALL(cleanplate_encoder_copy_streams, cleanplate_encoder, H, nullptr, e),
      CALL(cleanplate_encoder_finish, cleanplate_encoder, H, e),
      CALL(cleanplate_encoder_name, cleanplate_encoder, H, text, 64, &needed, e),
      CALL(cleanplate_logo_read_info, void, nullptr, 0, &logo, e),
      CALL(cleanplate_plan_write_logo, cleanplate_plan, H, 0, "x.png", e),
      CALL(cleanplate_device_open, cleanplate_options, H ? H : (cleanplate_options*)0x10, &device,
           e),
      CALL(cleanplate_device_destroy, cleanplate_device, H ? H : (cleanplate_device*)0x10),
      CALL(cleanplate_device_name, cleanplate_device, H, text, 64, &needed, e),
      CALL(cleanplate_frame_from_device, cleanplate_device, H, &good_info, &memory, &frame, e),
      CALL(cleanplate_frame_to_device, cleanplate_frame, H, nullptr, &memory, e),
      CALL(cleanplate_frame_keep_on_device, cleanplate_device, H, &good_info, &memory, &frame, e),
      CALL(cleanplate_frame_on_device, cleanplate_frame, H, &number, e),
      CALL(cleanplate_frame_to_host, cleanplate_frame, H, &frame, e),
      CALL(cleanplate_restorer_create_on, cleanplate_device, H, nullptr, nullptr, nullptr, nullptr,
           nullptr, &restorer, e),
  };
#undef CALL
}

/// Functions that cannot fail.
const std::set<std::string> sure{"cleanplate_version", "cleanplate_abi_version",
                                 "cleanplate_code_name", "cleanplate_option_count"};

/// Nothing comes out of a bad handle: they take none.
bool takes_no_handle(const std::string& name) {
  for (const char* part :
       {"_create", "set_log", "option_at", "allocate", "wrap", "decoder_open", "logo_read"})
    if (name.find(part) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_CASE("every function of the library is asked below") {
  std::ifstream list(CLEANPLATE_EXPORTS);
  std::set<std::string> exported, asked;
  for (std::string name; list >> name;)
    if (!sure.count(name)) exported.insert(name);
  for (const auto& [name, body] : every_call()) asked.insert(name);
  REQUIRE(exported.size() > 80);
  REQUIRE(asked == exported);
}

TEST_CASE("NULL and what is no handle give a code and a sentence in every function") {
  int local = 0;
  // NULL, small numbers, an address, and a handle's bits with nothing behind them.
  const auto bits =
      GENERATE_COPY(std::uintptr_t{0}, std::uintptr_t{1}, ~std::uintptr_t{0},
                    reinterpret_cast<std::uintptr_t>(&local), std::uintptr_t{0x5c0c000000ffffff});
  for (const auto& [name, body] : every_call()) {
    Err e;
    const std::int32_t code = body(reinterpret_cast<void*>(bits), &e);
    CAPTURE(name, bits, code, e.message);
    REQUIRE(code < 0);
    if (takes_no_handle(name)) continue;
    REQUIRE(code == CLEANPLATE_ERROR_BAD_HANDLE);
    if (name.find("_destroy") == std::string::npos && name != "cleanplate_cancel_set") {
      REQUIRE(e.code == code);
      REQUIRE(std::string(e.message).size() > 10);
    }
    REQUIRE(body(reinterpret_cast<void*>(bits), nullptr) == code);  // without an error struct
  }
}

TEST_CASE("an error struct of a size that cannot be is refused by every function") {
  for (const auto& [name, body] : every_call()) {
    if (name.find("_destroy") != std::string::npos || name == "cleanplate_cancel_set") continue;
    for (const std::size_t size : {std::size_t{0}, std::size_t{8}, sizeof(cleanplate_error) - 1}) {
      Err e;
      e.struct_size = size;
      CAPTURE(name, size);
      REQUIRE(body(nullptr, &e) == CLEANPLATE_ERROR_STRUCT_SIZE);
      REQUIRE(e.code == 0);
    }
  }
}

TEST_CASE("a handle is good until it is destroyed, and then never again") {
  cleanplate_frame* frame = picture(0);
  cleanplate_frame* copy = nullptr;
  C_OK(cleanplate_frame_copy(frame, &copy, error));
  REQUIRE(cleanplate_frame_destroy(frame) == CLEANPLATE_OK);
  REQUIRE(cleanplate_frame_destroy(frame) == CLEANPLATE_ERROR_BAD_HANDLE);
  REQUIRE(cleanplate_frame_destroy(nullptr) == CLEANPLATE_OK);
  auto info = sized<cleanplate_frame_info>();
  Err e;
  REQUIRE(cleanplate_frame_get_info(frame, &info, &e) == CLEANPLATE_ERROR_BAD_HANDLE);
  for (int n = 0; n < 1000; ++n) {  // its place is used again, its number is not
    cleanplate_frame* other = nullptr;
    C_OK(cleanplate_frame_share(copy, &other, error));
    REQUIRE(other != frame);
    REQUIRE(cleanplate_frame_get_info(frame, &info, nullptr) == CLEANPLATE_ERROR_BAD_HANDLE);
    REQUIRE(cleanplate_frame_destroy(other) == CLEANPLATE_OK);
  }
  // One of another kind.
  REQUIRE(cleanplate_options_destroy(reinterpret_cast<cleanplate_options*>(copy)) ==
          CLEANPLATE_ERROR_BAD_HANDLE);
  REQUIRE(cleanplate_frame_destroy(copy) == CLEANPLATE_OK);
}

TEST_CASE("the first cause of a row of calls stays in the error") {
  Err e;
  cleanplate_options* options = nullptr;
  REQUIRE(cleanplate_options_create(&options, &e) == CLEANPLATE_OK);
  REQUIRE(e.code == 0);
  REQUIRE(cleanplate_options_set(options, "quality", "99", &e) == CLEANPLATE_ERROR_INVALID_OPTION);
  const std::string first = e.message;
  REQUIRE(first.find("quality") != std::string::npos);
  REQUIRE(first.find("51") != std::string::npos);
  REQUIRE(cleanplate_options_set(options, "colour", "1", &e) == CLEANPLATE_ERROR_INVALID_OPTION);
  REQUIRE(e.message == first);
  REQUIRE(cleanplate_options_destroy(options) == CLEANPLATE_OK);
}

TEST_CASE("one handle in two threads at once is told so, and many frames in many threads are not") {
  static std::int32_t inner = 0;
  static cleanplate_detector* detector = nullptr;
  auto own = sized<cleanplate_detector_callbacks>();
  own.push = [](void*, const cleanplate_frame* frame, cleanplate_error*) -> std::int32_t {
    // From another thread while this call runs, and from this one.
    std::thread([&] { inner = cleanplate_detector_push(detector, frame, nullptr); }).join();
    std::int32_t latency = 0;
    REQUIRE(cleanplate_detector_latency(detector, &latency, nullptr) == CLEANPLATE_ERROR_BUSY);
    REQUIRE(cleanplate_detector_destroy(detector) == CLEANPLATE_ERROR_BUSY);
    return 0;
  };
  own.pull = [](void*, cleanplate_detections**, cleanplate_error*) -> std::int32_t {
    return CLEANPLATE_AGAIN;
  };
  own.flush = own_flush;
  C_OK(cleanplate_detector_create_own(&own, &detector, error));
  cleanplate_frame* frame = picture(0);
  C_OK(cleanplate_detector_push(detector, frame, error));
  REQUIRE(inner == CLEANPLATE_ERROR_BUSY);
  REQUIRE(cleanplate_detector_destroy(detector) == CLEANPLATE_OK);

  std::vector<std::thread> threads;
  std::atomic<int> failures{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int n = 0; n < 2000; ++n) {
        cleanplate_frame* other = nullptr;
        auto view = sized<cleanplate_component>();
        if (cleanplate_frame_share(frame, &other, nullptr) != 0 ||
            cleanplate_frame_read(other, 0, &view, nullptr) != 0 ||
            cleanplate_frame_destroy(other) != 0)
          ++failures;
      }
    });
  for (auto& t : threads) t.join();
  REQUIRE(failures == 0);
  REQUIRE(cleanplate_frame_destroy(frame) == CLEANPLATE_OK);
}
