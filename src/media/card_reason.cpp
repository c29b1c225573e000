#include "media/card_reason.h"

namespace cleanplate::media {

namespace {
struct Known {
  const char* words;  ///< FFmpeg's, or NVENC's that it hands on
  const char* remedy;
};
constexpr Known known[] = {
    {"Cannot load libnvidia-encode",
     "the driver's NVENC library is missing: install it, or start the container with "
     "NVIDIA_DRIVER_CAPABILITIES=compute,video"},
    {"Cannot load libnvcuvid",
     "the driver's NVDEC library is missing: install it, or start the container with "
     "NVIDIA_DRIVER_CAPABILITIES=compute,video"},
    {"OpenEncodeSessionEx failed: out of memory",
     "the card has no NVENC session left, or too little memory: end other programs that encode"},
    {"OpenEncodeSessionEx failed: incompatible client key",
     "the card has no NVENC session left: end other programs that encode"},
    {"OpenEncodeSessionEx failed: unsupported device",
     "this card has no NVENC, like A100, H100 and H200"},
};
}  // namespace

std::string with_remedy(std::string reason) {
  for (const Known& k : known)
    if (reason.find(k.words) != std::string::npos) return reason + " (" + k.remedy + ")";
  return reason;
}

}  // namespace cleanplate::media
