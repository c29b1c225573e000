#include <cleanplate/options.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "commands.h"
#include "option_flags.h"

namespace cli {

using cleanplate::OptionInfo;
using cleanplate::OptionType;

namespace {

constexpr const char* type_names[] = {"boolean", "integer", "real", "text", "list"};

const char* type_name(const OptionInfo& info) {
  return type_names[static_cast<std::size_t>(info.type)];
}

bool is_number(const OptionInfo& info) {
  return info.type == OptionType::integer || info.type == OptionType::real;
}

/// "0 to 51", "true, false", "auto, cpu", "text".
std::string allowed(const OptionInfo& info) {
  if (is_number(info))
    return fmt::format("{} to {}{}{}", info.least, info.most, *info.unit ? " " : "", info.unit);
  if (info.type == OptionType::boolean) return "true, false";
  std::string choices = info.choices;
  if (choices.empty()) return info.type == OptionType::list ? "text, repeated" : "text";
  for (std::size_t bar; (bar = choices.find('|')) != std::string::npos;)
    choices.replace(bar, 1, ", ");
  return choices;
}

std::string as_json() {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (int i = 0; i < cleanplate::option_count(); ++i) {
    const OptionInfo& info = *cleanplate::option_info(i);
    nlohmann::ordered_json row = {{"name", info.name},        {"type", type_name(info)},
                                  {"default", info.standard}, {"flag", flag_of(info)},
                                  {"group", info.group},      {"help", info.help}};
    if (is_number(info)) row["least"] = info.least, row["most"] = info.most;
    if (*info.choices) row["choices"] = info.choices;
    if (*info.unit) row["unit"] = info.unit;
    rows.push_back(std::move(row));
  }
  const nlohmann::ordered_json all = {{"version", 1}, {"options", std::move(rows)}};
  return all.dump(2) + "\n";
}

std::string as_markdown() {
  std::string text =
      "# Options\n\n"
      "Made from the table in src/core/options.cpp by `cleanplate options --markdown`; change it "
      "there.\n"
      "The names are those of `set_option`, of the JSON and of `--set name=value`.\n";
  std::string group;
  for (int i = 0; i < cleanplate::option_count(); ++i) {
    const OptionInfo& info = *cleanplate::option_info(i);
    if (group != info.group) {
      group = info.group;
      text += fmt::format(
          "\n## {}\n\n| name | flag | default | allowed | meaning |\n|---|---|---|---|---|\n",
          group);
    }
    text += fmt::format("| `{}` | `{}` | {} | {} | {} |\n", info.name, flag_of(info),
                        *info.standard ? info.standard : "–", allowed(info), info.help);
  }
  return text;
}

std::string as_text() {
  std::string text, group;
  for (int i = 0; i < cleanplate::option_count(); ++i) {
    const OptionInfo& info = *cleanplate::option_info(i);
    if (group != info.group) {
      text += fmt::format("{}{}\n", group.empty() ? "" : "\n", info.group);
      group = info.group;
    }
    text +=
        fmt::format("  {:<21} {:<8} {}: {}\n", info.name, info.standard, allowed(info), info.help);
  }
  return text;
}

}  // namespace

std::string options_table(TableForm form) {
  return form == TableForm::json       ? as_json()
         : form == TableForm::markdown ? as_markdown()
                                       : as_text();
}

}  // namespace cli
