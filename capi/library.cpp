// What the library is, and what is there on this machine.
#include <cleanplate/device.h>
#include <cleanplate/installation.h>
#include <cleanplate/log.h>
#include <cleanplate/network.h>
#include <cleanplate/video_encoder.h>

#include <nlohmann/json.hpp>

#include "call.h"
#include "objects.h"

using namespace cleanplate;
using namespace cleanplate::capi;

namespace {

using Json = nlohmann::ordered_json;

Json device_json(Options options, const char* device, const char* simd) {
  options.device = device;
  options.simd = simd;
  const auto opened = Device::open(options);
  return {{"device", device},
          {"simd", simd},
          {"works", static_cast<bool>(opened)},
          {"text", opened ? opened->name() : opened.error().message}};
}

Json devices_json(const Options& options) {
  return {device_json(options, "cpu", "baseline"), device_json(options, "cpu", "avx2"),
          device_json(options, "cuda", "auto"),
          device_json(options, options.device.c_str(), options.simd.c_str())};
}

Json decoders_json() {
  Json all = Json::array();
  for (const char* codec : {"h264", "hevc", "av1", "vp9", "vp8", "mpeg2video", "mpeg4", "prores",
                            "dnxhd", "ffv1", "mjpeg"}) {
    const auto probed = probe_decoder(codec);
    all.push_back({{"codec", codec},
                   {"works", static_cast<bool>(probed)},
                   {"text", probed ? *probed : probed.error().message}});
  }
  return all;
}

Json card_decoders_json(Options options) {
  if (!options.device.starts_with("cuda")) options.device = "cuda";
  Json all = Json::array();
  for (const auto& [codec, bits] : {std::pair{"h264", 8}, {"hevc", 8}, {"hevc", 10}}) {
    const auto probed = probe_card_decoder(codec, bits, options);
    all.push_back({{"codec", codec},
                   {"bits", bits},
                   {"works", static_cast<bool>(probed)},
                   {"text", probed ? *probed : probed.error().message}});
  }
  return all;
}

Json encoders_json() {
  Json all = Json::array();
  for (const char* codec :
       {"h264", "hevc", "av1", "vp9", "vp8", "mpeg4", "mpeg2video", "prores", "ffv1"})
    for (const std::string& name : encoder_ladder(codec)) {
      const PixelFormat format = std::string_view(codec) == "prores"
                                     ? PixelFormat{Layout::yuv422, 10}
                                     : PixelFormat{Layout::yuv420, 8};
      const auto probed = probe_encoder(name, format, {1280, 720});
      all.push_back({{"codec", codec},
                     {"encoder", name},
                     {"works", static_cast<bool>(probed)},
                     {"text", probed ? "" : probed.error().message}});
    }
  return all;
}

Json libraries_json() {
  Json all = Json::array();
  for (const LibraryInfo& l : media_libraries())
    all.push_back({{"name", l.name}, {"version", l.version}, {"note", l.note}});
  const auto network = network_library();
  all.push_back({{"name", "networks"},
                 {"version", network ? network->version : ""},
                 {"note", network ? network->path : network.error().message}});
  return all;
}

Json resources_json(const Options& options) {
  const auto used = Device::open(options);
  const Resources r = resources(options, used ? *used : Device());
  return {{"cores", r.cores},
          {"free_memory_mib", r.free_memory},
          {"budget_mib", r.budget},
          {"decoder_threads", r.decoder_threads},
          {"pool_threads", r.pool_threads},
          {"encoder_threads", r.encoder_threads},
          {"network_memory_mib", r.network_memory},
          {"tier", r.tier},
          {"detect_batch", r.detect_batch},
          {"inpaint_batch", r.inpaint_batch},
          {"segment_frames", r.segment_frames}};
}

struct CodeName {
  std::int32_t code;
  const char* name;
};
constexpr CodeName code_names[] = {
    {0, "ok"},
    {1, "again"},
    {2, "full"},
    {3, "end"},
    {-1, "internal"},
    {-2, "invalid_argument"},
    {-3, "invalid_option"},
    {-4, "bad_order"},
    {-5, "not_found"},
    {-6, "unreadable"},
    {-7, "no_video"},
    {-8, "unsupported"},
    {-9, "encrypted"},
    {-10, "damaged"},
    {-11, "unwritable"},
    {-12, "disk_full"},
    {-13, "same_file"},
    {-14, "out_of_memory"},
    {-15, "decoder"},
    {-16, "encoder"},
    {-17, "device"},
    {-18, "network"},
    {-19, "cancelled"},
    {-20, "degraded"},
    {-101, "bad_handle"},
    {-102, "struct_size"},
    {-103, "busy"},
    {-104, "buffer_too_small"},
};

}  // namespace

extern "C" {

const char* cleanplate_version(void) { return CLEANPLATE_VERSION; }

uint32_t cleanplate_abi_version(void) {
  return std::uint32_t{CLEANPLATE_ABI_MAJOR} << 16 | CLEANPLATE_ABI_MINOR;
}

const char* cleanplate_code_name(int32_t code) {
  for (const CodeName& c : code_names)
    if (c.code == code) return c.name;
  return "unknown";
}

int32_t cleanplate_doctor_json(const cleanplate_options* options, char* buffer, size_t size,
                               size_t* needed_size, cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const Options o, options_of(options));
    const Json all = {{"version", 1},
                      {"cleanplate", CLEANPLATE_VERSION},
                      {"devices", devices_json(o)},
                      {"decoders", decoders_json()},
                      {"card_decoders", card_decoders_json(o)},
                      {"encoders", encoders_json()},
                      {"libraries", libraries_json()},
                      {"resources", resources_json(o)}};
    return give_text(all.dump(2, ' ', false, Json::error_handler_t::replace), buffer, size,
                     needed_size);
  });
}

int32_t cleanplate_set_log(cleanplate_log_callback callback, void* user, int32_t least_level,
                           cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    if (least_level < CLEANPLATE_LOG_DEBUG || least_level > CLEANPLATE_LOG_ERROR)
      return invalid("A log level is 0 to 3; got " + std::to_string(least_level) + ".");
    if (!callback) {
      set_log_callback({});
      return CLEANPLATE_OK;
    }
    set_log_callback(
        [callback, user](LogLevel level, std::string_view line) {
          callback(user, static_cast<std::int32_t>(level), std::string(line).c_str());
        },
        static_cast<LogLevel>(least_level));
    return CLEANPLATE_OK;
  });
}

}  // extern "C"
