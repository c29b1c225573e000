/// @file
/// The library's option table as command line flags.
#pragma once
#include <cleanplate/options.h>

#include <CLI/CLI.hpp>
#include <string>
#include <utility>
#include <vector>

namespace cli {

/// One flag for each row: min_score → --min-score V; a switch that is on by default gets
/// --no-tag-edited. Besides them --set name=value and --options-file.
class OptionFlags {
 public:
  /// Must outlive the app's parsing.
  void add_to(CLI::App& app);
  /// The file's options, then each --set and flag, checked by the library.
  /// @return `invalid_option`; `not_found` or `unreadable`: the options' file.
  [[nodiscard]] cleanplate::Result<cleanplate::Options> read() const;

 private:
  std::string file_;
  std::vector<std::string> set_;
  std::vector<std::pair<std::string, std::string>> given_;
};

/// "min_score" → "--min-score".
std::string flag_of(const cleanplate::OptionInfo& info);

}  // namespace cli
