/// @file
/// A row of the one option table: what the public sees of it, and where its value lies.
#pragma once
#include <cleanplate/options.h>

#include <span>
#include <variant>

namespace cleanplate {

using OptionMember =
    std::variant<bool Options::*, int Options::*, std::int64_t Options::*, double Options::*,
                 std::string Options::*, std::vector<std::string> Options::*>;

struct OptionRow {
  OptionInfo info;
  OptionMember member;
};

std::span<const OptionRow> option_rows();

}  // namespace cleanplate
