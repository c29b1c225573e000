#include "device/cuda_facts.h"

#include <string_view>

namespace cleanplate {

namespace {
std::string version_of(int number) {
  return std::to_string(number / 1000) + "." + std::to_string(number % 1000 / 10);
}
}  // namespace

int oldest_driver(int runtime) {
  switch (runtime / 1000) {  // NVIDIA's table of minor-version compatibility
    case 11:
      return 450;
    case 12:
      return 525;
    default:
      return 580;
  }
}

std::string why_no_card(const CudaFacts& facts, int wanted) {
  const std::string needed = std::to_string(oldest_driver(facts.runtime)) + " or later for CUDA " +
                             version_of(facts.runtime);
  const std::string or_cpu = ", or use device=cpu.";
  if (!facts.built)
    return "This build has no CUDA in it; build it with -DCLEANPLATE_CUDA=ON, or use device=cpu or "
           "auto.";
  if (facts.driver == 0)
    return "No NVIDIA driver was found (libcuda.so.1); install version " + needed +
           ", start a container with its GPUs passed in" + or_cpu;
  if (facts.driver / 1000 < facts.runtime / 1000)
    return "The NVIDIA driver is too old: it offers CUDA " + version_of(facts.driver) +
           "; install version " + needed + or_cpu;
  if (facts.error != 0 && facts.cards == 0)
    return "The NVIDIA driver is there, but gives no card: " + facts.error_text +
           "; look at nvidia-smi and CUDA_VISIBLE_DEVICES" + or_cpu;
  if (facts.cards == 0)
    return "The NVIDIA driver is there, but shows no card; look at nvidia-smi and "
           "CUDA_VISIBLE_DEVICES" +
           or_cpu;
  if (wanted >= facts.cards)
    return "device=cuda:" + std::to_string(wanted) + " was asked for, but there " +
           (facts.cards == 1 ? std::string("is one card, cuda:0")
                             : "are " + std::to_string(facts.cards) + " cards, from cuda:0 on") +
           "; name one of these" + or_cpu;
  return {};
}

int card_of(const std::string& device) {
  const auto colon = device.find(':');
  if (colon == std::string::npos) return 0;
  int card = 0;
  for (const char digit : std::string_view(device).substr(colon + 1))
    card = card > 9999 ? card : card * 10 + (digit - '0');
  return card;
}

bool has_card(const Options& options) {
  return options.device != "cpu" && why_no_card(cuda_facts(), card_of(options.device)).empty();
}

}  // namespace cleanplate
