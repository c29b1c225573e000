/// @file
/// The second pass: the way of a frame from file to file.
#pragma once
#include <cleanplate/cancel.h>
#include <cleanplate/device.h>
#include <cleanplate/options.h>
#include <cleanplate/pipeline.h>
#include <cleanplate/plan.h>
#include <cleanplate/report.h>

#include <string>

namespace cleanplate {

/// Where a card fails that frames or the encoder are on, all of it is done once more without.
/// @return errors of the stages; the first cause wins. Nothing is left at `output` after one.
[[nodiscard]] Result<Report> restore(const std::string& input, const std::string& output,
                                     const Options& options, const Plan& plan, const Device& device,
                                     const Callbacks& callbacks, const CancelToken& cancel);

}  // namespace cleanplate
