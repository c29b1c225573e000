#include "option_flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace cli {

using cleanplate::Code;
using cleanplate::Error;
using cleanplate::OptionInfo;
using cleanplate::Options;
using cleanplate::OptionType;
using cleanplate::Result;

namespace {

bool on_by_default(const OptionInfo& info) {
  return info.type == OptionType::boolean && info.standard == std::string("true");
}

std::string help_of(const OptionInfo& info) {
  std::string help = info.help;
  if (on_by_default(info)) help.insert(0, "Not: ");
  if (*info.choices) help += fmt::format(" {}", info.choices);
  if (info.type == OptionType::integer || info.type == OptionType::real)
    help += fmt::format(" {} to {}{}{}, default {}", info.least, info.most, *info.unit ? " " : "",
                        info.unit, info.standard);
  else if (*info.standard && info.type != OptionType::boolean)
    help += fmt::format(" (default {})", info.standard);
  return help;
}

Result<Options> from_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return Error{
        Code::not_found, "options",
        fmt::format("The options' file '{}' cannot be opened; give a JSON file's path.", path)};
  std::ostringstream text;
  text << file.rdbuf();
  return cleanplate::options_from_json(text.str());
}

}  // namespace

std::string flag_of(const OptionInfo& info) {
  std::string name = info.name;
  std::replace(name.begin(), name.end(), '_', '-');
  return (on_by_default(info) ? "--no-" : "--") + name;
}

void OptionFlags::add_to(CLI::App& app) {
  for (int i = 0; i < cleanplate::option_count(); ++i) {
    const OptionInfo& info = *cleanplate::option_info(i);
    const std::string name = info.name, flag = flag_of(info);
    if (info.type == OptionType::boolean) {
      const std::string value = on_by_default(info) ? "false" : "true";
      app.add_flag_callback(
             flag, [this, name, value] { given_.emplace_back(name, value); }, help_of(info))
          ->group(info.group);
      continue;
    }
    auto* option = app.add_option_function<std::vector<std::string>>(
        flag,
        [this, name](const std::vector<std::string>& values) {
          for (const auto& value : values) given_.emplace_back(name, value);
        },
        help_of(info));
    option->group(info.group)
        ->expected(1)
        ->type_name(info.type == OptionType::text || info.type == OptionType::list ? "TEXT"
                                                                                   : "NUMBER");
    // A list gathers what is repeated; of another option the last one counts.
    option->multi_option_policy(info.type == OptionType::list ? CLI::MultiOptionPolicy::TakeAll
                                                              : CLI::MultiOptionPolicy::TakeLast);
    if (info.type == OptionType::list) option->allow_extra_args(false);
  }
  app.add_option("--set", set_, "Set any option, as quality=20.")
      ->type_name("NAME=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
  app.add_option("--options-file", file_, "Read options from JSON; flags win over it.")
      ->type_name("FILE");
}

Result<Options> OptionFlags::read() const {
  Options options;
  if (!file_.empty()) {
    auto read = from_file(file_);
    if (!read) return read;
    options = *std::move(read);
  }
  for (const auto& text : set_) {
    const auto equals = text.find('=');
    if (equals == std::string::npos)
      return Error{Code::invalid_option, "options",
                   fmt::format("'--set {}' has no '='; give name=value, as quality=20.", text)};
    if (auto set = cleanplate::set_option(options, text.substr(0, equals), text.substr(equals + 1));
        !set)
      return set.error();
  }
  for (const auto& [name, value] : given_)
    if (auto set = cleanplate::set_option(options, name, value); !set) return set.error();
  return options;
}

}  // namespace cli
