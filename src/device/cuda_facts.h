/// @file
/// Whether there is a CUDA card to work on, and if not, why not and what to do.
#pragma once
#include <cleanplate/options.h>

#include <memory>
#include <string>

#include "device/device_core.h"

namespace cleanplate {

/// Versions as CUDA writes them: 13020 is 13.2.
struct CudaFacts {
  bool built = false;      ///< this build has CUDA in it
  int runtime = 0;         ///< what it was built for
  int driver = 0;          ///< what the driver offers; 0: there is none
  int error = 0;           ///< of counting the cards
  std::string error_text;  ///< the same in CUDA's words
  int cards = 0;
};

/// Asks the driver; without one nothing is loaded or changed.
[[nodiscard]] CudaFacts cuda_facts();

/// @param wanted  a card's number, from 0. @return empty if that card can be tried.
[[nodiscard]] std::string why_no_card(const CudaFacts& facts, int wanted);

/// The card's number in device=cuda or cuda:n; 0 where it does not say, and for auto.
[[nodiscard]] int card_of(const std::string& device);

/// Whether these options would work on a card, and one is there.
[[nodiscard]] bool has_card(const Options& options);

/// The card's primary context, the one that CUDA's runtime and libtorch use too, as libcuda names
/// it (a CUcontext); kept until the process ends. @return `device`: libcuda's number of the error.
[[nodiscard]] Result<void*> primary_context(int card);

/// Oldest driver branch for a CUDA version's major number: 580 for 13.
[[nodiscard]] int oldest_driver(int runtime);

/// Takes a share `gpu_memory_fraction` of the memory that is free now.
/// @return `device`: why_no_card; a card older than the kernels; the first kernel went wrong;
///         `out_of_memory`.
[[nodiscard]] Result<std::shared_ptr<DeviceCore>> open_cuda(const Options& options, int card);

}  // namespace cleanplate
