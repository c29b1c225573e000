/// @file
/// All programs' results as one JSON, one Markdown page and its pictures.
#pragma once
#include <string>
#include <vector>

#include "report/against.h"
#include "setup/results.h"

namespace bench {

/// report.json. @throws std::runtime_error: cannot be written.
void write_json(const std::string& path, const std::vector<Results>& all);
/// @throws std::runtime_error: cannot be read, another version.
[[nodiscard]] std::vector<Results> read_json(const std::string& path);

/// report.md and the SVG files that it shows, in `folder`.
/// @param against  empty: not compared. @param before  what it is compared with, in words.
void write_page(const std::string& folder, const std::vector<Results>& all,
                const std::vector<Compared>& against, const std::string& before);

}  // namespace bench
