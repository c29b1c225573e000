// What FFmpeg's nvenc.c calls. Pictures are coded as late as the interface allows, when their bits
// are asked for, and must by then be what they were when they were handed over.
#include "fake_nvenc.h"

#include <ffnvcodec/nvEncodeAPI.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <set>

#include "pcm_h264.h"

namespace {
using Bytes = PcmH264::Bytes;

/// A picture's memory: the card's, registered, or the driver's own.
struct Memory {
  const std::uint8_t* first = nullptr;
  std::size_t pitch = 0;
  NV_ENC_BUFFER_FORMAT format{};
  Bytes own;
  bool mapped = false;
};
/// A picture that is on its way, then its bits.
struct Output {
  const Memory* from = nullptr;
  Bytes handed_over, bits;
  std::uint64_t time = 0;
};

struct Session {
  PcmH264 writer{};
  int pictures = 0;
  std::set<Memory*> known;
};

Session& of(void* encoder) { return *static_cast<Session*>(encoder); }
void complain(const char* sentence) { fake_nvenc()->complaints.emplace_back(sentence); }

bool full_chroma(NV_ENC_BUFFER_FORMAT format) {
  return format == NV_ENC_BUFFER_FORMAT_YUV444 || format == NV_ENC_BUFFER_FORMAT_YUV444_10BIT;
}
bool ten_bits(NV_ENC_BUFFER_FORMAT format) {
  return format == NV_ENC_BUFFER_FORMAT_YUV420_10BIT || format == NV_ENC_BUFFER_FORMAT_YUV444_10BIT;
}

std::size_t bytes_of(const Session& s, NV_ENC_BUFFER_FORMAT format, std::size_t pitch) {
  const auto h = static_cast<std::size_t>(s.writer.height);
  return pitch * (full_chroma(format) ? 3 * h : h + (h + 1) / 2);
}
Bytes samples_of(const Session& s, const Memory& m) {
  return {m.first, m.first + bytes_of(s, m.format, m.pitch)};
}

Bytes code(const Session& s, const Memory& m, const Bytes& samples) {
  const auto height = static_cast<std::size_t>(s.writer.height);
  const std::size_t luma = m.pitch * height;
  return s.writer.picture(s.pictures, [&](int c, int x, int y) -> unsigned {
    const auto column = static_cast<std::size_t>(x), row = static_cast<std::size_t>(y);
    if (m.format == NV_ENC_BUFFER_FORMAT_YV12) {  // Cr before Cb, half as wide
      const std::size_t chroma = m.pitch / 2 * ((height + 1) / 2);
      if (c == 0) return samples[row * m.pitch + column];
      return samples[luma + (c == 1 ? chroma : 0) + row * (m.pitch / 2) + column];
    }
    const auto component = static_cast<std::size_t>(c);
    const bool planes = full_chroma(m.format);
    const std::size_t word = c && !planes ? 2 * column + component - 1 : column;
    const std::size_t at = luma * (planes ? component : c ? 1 : 0) + row * m.pitch;
    if (!ten_bits(m.format)) return samples[at + word];
    const std::uint8_t* both = &samples[at + 2 * word];
    return static_cast<unsigned>(both[0] | both[1] << 8) >> 6;
  });
}

NVENCSTATUS open_session(NV_ENC_OPEN_ENCODE_SESSION_EX_PARAMS*, void** encoder) {
  FakeNvenc& fake = *fake_nvenc();
  const int number = fake.sessions++;
  if (fake.alive && !fake.alive()) return NV_ENC_ERR_DEVICE_NOT_EXIST;
  if (number == fake.fail_session || (fake.sessions_from >= 0 && number >= fake.sessions_from))
    return NV_ENC_ERR_OUT_OF_MEMORY;
  *encoder = new Session;
  ++fake.open;
  return NV_ENC_SUCCESS;
}
NVENCSTATUS destroy(void* encoder) {
  if (!of(encoder).known.empty()) complain("A session ended that still knew memory.");
  delete &of(encoder);
  --fake_nvenc()->open;
  return NV_ENC_SUCCESS;
}
NVENCSTATUS guid_count(void*, std::uint32_t* count) {
  *count = 1;
  return NV_ENC_SUCCESS;
}
NVENCSTATUS guids(void*, GUID* out, std::uint32_t, std::uint32_t* count) {
  *out = NV_ENC_CODEC_H264_GUID;
  *count = 1;
  return NV_ENC_SUCCESS;
}
NVENCSTATUS caps(void*, GUID, NV_ENC_CAPS_PARAM* asked, int* value) {
  const bool size =
      asked->capsToQuery == NV_ENC_CAPS_WIDTH_MAX || asked->capsToQuery == NV_ENC_CAPS_HEIGHT_MAX;
  *value = size ? 8192 : 1;
  return NV_ENC_SUCCESS;
}
NVENCSTATUS preset(void*, GUID, GUID, NV_ENC_TUNING_INFO, NV_ENC_PRESET_CONFIG* config) {
  config->presetCfg.frameIntervalP = 1;
  return NV_ENC_SUCCESS;
}
NVENCSTATUS initialize(void* encoder, NV_ENC_INITIALIZE_PARAMS* how) {
  of(encoder).writer.width = static_cast<int>(how->encodeWidth);
  of(encoder).writer.height = static_cast<int>(how->encodeHeight);
  return NV_ENC_SUCCESS;
}
NVENCSTATUS set_streams(void*, NV_ENC_CUSTREAM_PTR, NV_ENC_CUSTREAM_PTR) { return NV_ENC_SUCCESS; }
NVENCSTATUS reconfigure(void*, NV_ENC_RECONFIGURE_PARAMS*) { return NV_ENC_SUCCESS; }
const char* last_error(void*) { return "made up by a test"; }

NVENCSTATUS header(void* encoder, NV_ENC_SEQUENCE_PARAM_PAYLOAD* out) {
  const Bytes bytes = of(encoder).writer.header();
  std::copy(bytes.begin(), bytes.end(), static_cast<std::uint8_t*>(out->spsppsBuffer));
  *out->outSPSPPSPayloadSize = static_cast<std::uint32_t>(bytes.size());
  return NV_ENC_SUCCESS;
}

void set_format(Session& s, NV_ENC_BUFFER_FORMAT format) {
  s.writer.bits = ten_bits(format) ? 10 : 8;
  s.writer.full_chroma = full_chroma(format);
}

NVENCSTATUS create_input(void* encoder, NV_ENC_CREATE_INPUT_BUFFER* how) {
  Session& s = of(encoder);
  auto m = std::make_unique<Memory>();
  m->format = how->bufferFmt;
  m->pitch = (how->width * (ten_bits(m->format) ? 2 : 1) + 63) / 64 * 64;
  set_format(s, m->format);
  m->own.resize(bytes_of(s, m->format, m->pitch));
  m->first = m->own.data();
  how->inputBuffer = m.release();
  return NV_ENC_SUCCESS;
}
NVENCSTATUS destroy_input(void*, NV_ENC_INPUT_PTR input) {
  delete static_cast<Memory*>(input);
  return NV_ENC_SUCCESS;
}
NVENCSTATUS lock_input(void*, NV_ENC_LOCK_INPUT_BUFFER* locked) {
  auto& m = *static_cast<Memory*>(locked->inputBuffer);
  locked->bufferDataPtr = m.own.data();
  locked->pitch = static_cast<std::uint32_t>(m.pitch);
  return NV_ENC_SUCCESS;
}
NVENCSTATUS unlock_input(void*, NV_ENC_INPUT_PTR) { return NV_ENC_SUCCESS; }

NVENCSTATUS register_resource(void* encoder, NV_ENC_REGISTER_RESOURCE* r) {
  FakeNvenc& fake = *fake_nvenc();
  Session& s = of(encoder);
  if (fake.registered++ == fake.fail_register) return NV_ENC_ERR_RESOURCE_REGISTER_FAILED;
  if (r->resourceType != NV_ENC_INPUT_RESOURCE_TYPE_CUDADEVICEPTR || r->pitch % 4 ||
      !fake.registers(r->resourceToRegister, bytes_of(s, r->bufferFormat, r->pitch)))
    return NV_ENC_ERR_RESOURCE_REGISTER_FAILED;
  auto* m = new Memory{static_cast<const std::uint8_t*>(r->resourceToRegister),
                       r->pitch,
                       r->bufferFormat,
                       {},
                       false};
  set_format(s, m->format);
  s.known.insert(m);
  ++fake.known;
  r->registeredResource = m;
  return NV_ENC_SUCCESS;
}
NVENCSTATUS unregister_resource(void* encoder, NV_ENC_REGISTERED_PTR resource) {
  auto* m = static_cast<Memory*>(resource);
  if (m->mapped) complain("Memory is unregistered that is in use.");
  if (!fake_nvenc()->registers(m->first, bytes_of(of(encoder), m->format, m->pitch)))
    complain("Memory went that a session still knew.");
  of(encoder).known.erase(m);
  delete m;
  --fake_nvenc()->known;
  return NV_ENC_SUCCESS;
}
NVENCSTATUS map_resource(void*, NV_ENC_MAP_INPUT_RESOURCE* map) {
  auto* m = static_cast<Memory*>(map->registeredResource);
  m->mapped = true;
  map->mappedResource = m;
  map->mappedBufferFmt = m->format;
  return NV_ENC_SUCCESS;
}
NVENCSTATUS unmap_resource(void*, NV_ENC_INPUT_PTR resource) {
  static_cast<Memory*>(resource)->mapped = false;
  return NV_ENC_SUCCESS;
}

NVENCSTATUS create_output(void*, NV_ENC_CREATE_BITSTREAM_BUFFER* made) {
  made->bitstreamBuffer = new Output;
  return NV_ENC_SUCCESS;
}
NVENCSTATUS destroy_output(void*, NV_ENC_OUTPUT_PTR output) {
  delete static_cast<Output*>(output);
  return NV_ENC_SUCCESS;
}

NVENCSTATUS encode(void* encoder, NV_ENC_PIC_PARAMS* picture) {
  if (picture->encodePicFlags & NV_ENC_PIC_FLAG_EOS) return NV_ENC_SUCCESS;
  FakeNvenc& fake = *fake_nvenc();
  const auto* m = static_cast<const Memory*>(picture->inputBuffer);
  if (fake.pictures++ == fake.fail_picture || (fake.alive && !fake.alive()))
    return NV_ENC_ERR_GENERIC;
  ++(m->own.empty() ? fake.from_card : fake.from_host);
  auto& out = *static_cast<Output*>(picture->outputBitstream);
  out.from = m;
  out.time = picture->inputTimeStamp;
  out.handed_over = samples_of(of(encoder), *m);
  return NV_ENC_SUCCESS;
}
NVENCSTATUS lock_output(void* encoder, NV_ENC_LOCK_BITSTREAM* locked) {
  Session& s = of(encoder);
  auto& out = *static_cast<Output*>(locked->outputBitstream);
  const Bytes now = samples_of(s, *out.from);
  if (now != out.handed_over) complain("A picture's memory was written while it was coded.");
  out.bits = code(s, *out.from, now);
  ++s.pictures;
  locked->bitstreamBufferPtr = out.bits.data();
  locked->bitstreamSizeInBytes = static_cast<std::uint32_t>(out.bits.size());
  locked->outputTimeStamp = out.time;
  locked->pictureType = NV_ENC_PIC_TYPE_IDR;
  locked->frameAvgQP = 1;
  return NV_ENC_SUCCESS;
}
NVENCSTATUS unlock_output(void*, NV_ENC_OUTPUT_PTR) { return NV_ENC_SUCCESS; }
}  // namespace

extern "C" {

FakeNvenc* fake_nvenc() {
  static FakeNvenc fake;
  return &fake;
}

NVENCSTATUS NvEncodeAPIGetMaxSupportedVersion(std::uint32_t* version) {
  *version = NVENCAPI_MAJOR_VERSION << 4 | NVENCAPI_MINOR_VERSION;
  return NV_ENC_SUCCESS;
}

NVENCSTATUS NvEncodeAPICreateInstance(NV_ENCODE_API_FUNCTION_LIST* f) {
  f->nvEncOpenEncodeSessionEx = open_session;
  f->nvEncDestroyEncoder = destroy;
  f->nvEncGetEncodeGUIDCount = guid_count;
  f->nvEncGetEncodeGUIDs = guids;
  f->nvEncGetEncodeCaps = caps;
  f->nvEncGetEncodePresetConfigEx = preset;
  f->nvEncInitializeEncoder = initialize;
  f->nvEncSetIOCudaStreams = set_streams;
  f->nvEncReconfigureEncoder = reconfigure;
  f->nvEncGetLastErrorString = last_error;
  f->nvEncGetSequenceParams = header;
  f->nvEncCreateInputBuffer = create_input;
  f->nvEncDestroyInputBuffer = destroy_input;
  f->nvEncLockInputBuffer = lock_input;
  f->nvEncUnlockInputBuffer = unlock_input;
  f->nvEncRegisterResource = register_resource;
  f->nvEncUnregisterResource = unregister_resource;
  f->nvEncMapInputResource = map_resource;
  f->nvEncUnmapInputResource = unmap_resource;
  f->nvEncCreateBitstreamBuffer = create_output;
  f->nvEncDestroyBitstreamBuffer = destroy_output;
  f->nvEncEncodePicture = encode;
  f->nvEncLockBitstream = lock_output;
  f->nvEncUnlockBitstream = unlock_output;
  return NV_ENC_SUCCESS;
}

}  // extern "C"
