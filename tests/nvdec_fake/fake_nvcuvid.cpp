#include <ffnvcodec/dynlink_cuda.h>
#include <ffnvcodec/dynlink_nvcuvid.h>

#include <algorithm>
#include <cstring>

#include "fake_nvdec.h"

namespace {
constexpr auto failed = static_cast<CUresult>(999);  // CUDA_ERROR_UNKNOWN

struct Decoder {
  cudaVideoCodec codec;
  std::size_t width, height, pitch, bytes;  // of surfaces; bytes a sample
  bool full_chroma;
  std::vector<std::vector<std::uint8_t>> surfaces;
  std::size_t before = 0, seen = 0;  // pictures shown before this group; in all
};

/// Where the picture comes in the order of display; a count that is 0 again starts a new group.
std::size_t place_of(Decoder& d, const CUVIDPICPARAMS& p) {
  const int count =
      d.codec == cudaVideoCodec_HEVC
          ? p.CodecSpecific.hevc.CurrPicOrderCntVal
          : (p.CodecSpecific.h264.CurrFieldOrderCnt[0] & 0xffff) / 2;  // FFmpeg counts from 65536
  if (count == 0) d.before = d.seen;
  ++d.seen;
  return d.before + static_cast<std::size_t>(count);
}

/// Rows of luma and chroma, where luma has so many.
std::size_t all_rows(const Decoder& d, std::size_t luma) {
  return d.full_chroma ? 3 * luma : luma * 3 / 2;
}

/// Shown rows into a surface, a plane after another; what is larger than it is cut.
void lay(const Decoder& d, const std::vector<std::uint8_t>& picture, std::size_t width,
         std::vector<std::uint8_t>& surface) {
  const std::size_t row = width * d.bytes, rows = picture.size() / row;
  const std::size_t height = d.full_chroma ? rows / 3 : rows * 2 / 3;
  for (std::size_t y = 0; y < rows; ++y) {
    const std::size_t to = y + y / height * d.height - y / height * height;
    if (y % height < d.height && to < surface.size() / d.pitch)
      std::memcpy(&surface[to * d.pitch], &picture[y * row], std::min(row, d.pitch));
  }
}
}  // namespace

extern "C" {

FakeNvdec* fake_nvdec() {
  static FakeNvdec fake;
  return &fake;
}

CUresult cuvidGetDecoderCaps(CUVIDDECODECAPS* caps) {
  caps->bIsSupported =
      caps->eChromaFormat != cudaVideoChromaFormat_444 || fake_nvdec()->full_chroma;
  caps->nMaxWidth = caps->nMaxHeight = 8192;
  caps->nMaxMBCount = 1 << 20;
  caps->nOutputFormatMask = 0xffff;
  return CUDA_SUCCESS;
}

CUresult cuvidCreateDecoder(CUvideodecoder* out, CUVIDDECODECREATEINFO* how) {
  const FakeNvdec& fake = *fake_nvdec();
  if (!fake.opens || (fake.alive && !fake.alive())) return failed;
  const std::size_t bytes = how->OutputFormat == cudaVideoSurfaceFormat_P016 ||
                                    how->OutputFormat == cudaVideoSurfaceFormat_YUV444_16Bit
                                ? 2
                                : 1;
  const bool full_chroma = how->OutputFormat == cudaVideoSurfaceFormat_YUV444 ||
                           how->OutputFormat == cudaVideoSurfaceFormat_YUV444_16Bit;
  auto* d = new Decoder{how->CodecType,
                        how->ulTargetWidth,
                        how->ulTargetHeight,
                        (how->ulTargetWidth * bytes + 255) / 256 * 256,
                        bytes,
                        full_chroma,
                        {}};
  d->surfaces.assign(how->ulNumDecodeSurfaces,
                     std::vector<std::uint8_t>(d->pitch * all_rows(*d, d->height)));
  if (fake_nvdec()->lend)
    for (const auto& surface : d->surfaces) fake_nvdec()->lend(surface.data(), surface.size());
  *out = d;
  ++fake_nvdec()->open;
  return CUDA_SUCCESS;
}

CUresult cuvidDestroyDecoder(CUvideodecoder decoder) {
  auto* d = static_cast<Decoder*>(decoder);
  if (fake_nvdec()->take_away)
    for (const auto& surface : d->surfaces) fake_nvdec()->take_away(surface.data());
  delete d;
  --fake_nvdec()->open;
  return CUDA_SUCCESS;
}

CUresult cuvidDecodePicture(CUvideodecoder decoder, CUVIDPICPARAMS* p) {
  auto& d = *static_cast<Decoder*>(decoder);
  FakeNvdec& fake = *fake_nvdec();
  if (fake.decoded++ == fake.fail_at || (fake.alive && !fake.alive())) return failed;
  const std::size_t place = place_of(d, *p);
  if (place >= fake.pictures.size()) return failed;
  const auto& picture = fake.pictures[place];
  lay(d, picture, fake.width, d.surfaces[static_cast<std::size_t>(p->CurrPicIdx)]);
  return CUDA_SUCCESS;
}

CUresult cuvidMapVideoFrame64(CUvideodecoder decoder, int index, unsigned long long* out,
                              unsigned* pitch, CUVIDPROCPARAMS*) {
  auto& d = *static_cast<Decoder*>(decoder);
  *out = reinterpret_cast<unsigned long long>(d.surfaces[static_cast<std::size_t>(index)].data());
  *pitch = static_cast<unsigned>(d.pitch);
  return CUDA_SUCCESS;
}

/// What a surface holds is gone when it was let go, so that a late copy shows.
CUresult cuvidUnmapVideoFrame64(CUvideodecoder decoder, unsigned long long address) {
  for (auto& surface : static_cast<Decoder*>(decoder)->surfaces)
    if (reinterpret_cast<unsigned long long>(surface.data()) == address)
      std::fill(surface.begin(), surface.end(), std::uint8_t{0xdd});
  return CUDA_SUCCESS;
}

}  // extern "C"
