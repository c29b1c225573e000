#include <cleanplate/device.h>
#include <cleanplate/installation.h>
#include <cleanplate/network.h>
#include <cleanplate/video_encoder.h>
#include <fmt/format.h>

#include <algorithm>

#include "commands.h"

namespace cli {

using namespace cleanplate;

namespace {

/// What is usual with a codec; prores takes nothing less.
PixelFormat probe_format(std::string_view codec) {
  return codec == "prores" ? PixelFormat{Layout::yuv422, 10} : PixelFormat{Layout::yuv420, 8};
}
constexpr Size probe_size{1280, 720};

void row(std::string_view name, std::string_view text) { fmt::print("  {:<12} {}\n", name, text); }

/// A card that works, and the device that a job would have; either may be empty.
struct Devices {
  Device card, used;
};

Devices devices(const Options& options) {
  fmt::print("devices\n");
  for (const char* simd : {"baseline", "avx2"}) {
    Options one = options;
    one.device = "cpu";
    one.simd = simd;
    const auto device = Device::open(one);
    row(simd, device ? device->name() : device.error().message);
  }
  Options cuda = options;
  cuda.device = "cuda";
  const auto card = Device::open(cuda);
  row("cuda", card ? card->name() : card.error().message);
  const auto chosen = Device::open(options);
  Options host = options;
  host.device = "cpu";
  const auto instead = chosen ? chosen : Device::open(host);
  row("used", instead ? fmt::format("{}, as device={} and simd={}", instead->name(), options.device,
                                    options.simd)
                      : instead.error().message);
  return {card ? *card : Device(), instead ? *instead : Device()};
}

void decoders() {
  fmt::print("decoders (each was opened)\n");
  for (const char* codec : {"h264", "hevc", "av1", "vp9", "vp8", "mpeg2video", "mpeg4", "prores",
                            "dnxhd", "ffv1", "mjpeg"}) {
    const auto decoder = probe_decoder(codec);
    row(codec, decoder ? *decoder : decoder.error().message);
  }
}

void card_decoders(const Options& options) {
  Options cuda = options;
  if (!cuda.device.starts_with("cuda")) cuda.device = "cuda";
  fmt::print("decoders on the card (each decoded a picture)\n");
  for (const auto& [codec, bits] : {std::pair{"h264", 8}, {"hevc", 8}, {"hevc", 10}}) {
    const auto probed = probe_card_decoder(codec, bits, cuda);
    row(fmt::format("{} {} bits", codec, bits), probed ? *probed : probed.error().message);
  }
}

void encoders() {
  fmt::print("encoders (each encoded a frame of {}x{}; the first that did is used)\n",
             probe_size.width, probe_size.height);
  for (const char* codec :
       {"h264", "hevc", "av1", "vp9", "vp8", "mpeg4", "mpeg2video", "prores", "ffv1"}) {
    std::string used;
    for (const auto& name : encoder_ladder(codec)) {
      const auto probed = probe_encoder(name, probe_format(codec), probe_size);
      if (probed && used.empty()) used = name;
      row(codec, probed ? name + (used == name ? ": used" : ": works")
                        : name + ": " + probed.error().message);
    }
    if (used.empty()) row(codec, "no encoder here; name another with --encoder");
  }
}

void libraries(bool card) {
  fmt::print("libraries\n");
  for (const auto& library : media_libraries())
    row(library.name, fmt::format("{} ({})", library.version, library.note));
  const auto network = network_library();
  row("networks", network ? fmt::format("{}, {} CUDA devices, reads {}, from {}", network->version,
                                        network->cuda_devices, network->formats, network->path)
                          : network.error().message);
  if (card && network && network->cuda_devices == 0)
    row("",
        "this libtorch shows no card, so networks run on the host; install one built with CUDA");
}

void memory(const Options& options, const Device& used) {
  const Resources r = resources(options, used);
  fmt::print("memory and threads\n");
  row("memory", fmt::format("{} MiB free, {} MiB would be used at most ({})", r.free_memory,
                            r.budget, options.max_memory ? "max_memory" : "half of what is free"));
  row("batches",
      fmt::format("detect_batch {}, inpaint_batch {}, segment_frames {} (the {} tier, by "
                  "{} MiB for networks on {})",
                  r.detect_batch, r.inpaint_batch, r.segment_frames, r.tier, r.network_memory,
                  used ? used.name() : "the host"));
  row("threads", fmt::format("{} cores; decoder {}, pixel work {}, encoder {}", r.cores,
                             r.decoder_threads, r.pool_threads, r.encoder_threads));
}

}  // namespace

ExitCode doctor(const Options& options) {
  fmt::print("cleanplate {}\n", CLEANPLATE_VERSION);
  const Devices found = devices(options);
  decoders();
  if (found.card) card_decoders(options);
  encoders();
  libraries(bool(found.card));
  memory(options, found.used);
  return done;
}

}  // namespace cli
