/// @file
/// Results as markdown and as JSON.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "run_case.h"

namespace quality {

struct Results {
  std::vector<CaseResult> cases;
  std::vector<BareResult> bare;
  bool before_encoder = false;
};

/// What this was measured on: processor, cores, libraries.
[[nodiscard]] std::string machine();

[[nodiscard]] std::string to_markdown(const Results& results);
[[nodiscard]] nlohmann::json to_json(const Results& results);

}  // namespace quality
