/// @file
/// The first pass: a sample of the clip gives the plan.
#pragma once
#include <cleanplate/cancel.h>
#include <cleanplate/device.h>
#include <cleanplate/options.h>
#include <cleanplate/pipeline.h>
#include <cleanplate/plan.h>

#include <string>

namespace cleanplate {

/// @return the errors of VideoDecoder and Detector; `cancelled`.
[[nodiscard]] Result<Plan> scan(const std::string& input, const Options& options,
                                const Device& device, const Callbacks& callbacks,
                                const CancelToken& cancel);

}  // namespace cleanplate
