#include <cleanplate/options.h>

#include <nlohmann/json.hpp>

#include "core/option_rows.h"
#include "core/try.h"

namespace cleanplate {

namespace {

using Json = nlohmann::ordered_json;
constexpr int json_version = 1;

Error invalid(std::string message) { return {Code::invalid_option, "options", std::move(message)}; }

/// One JSON value as the text that set_option takes.
Result<std::string> as_text(const std::string& name, const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean() || value.is_number()) return value.dump();
  return invalid("Option '" + name + "' is " + value.dump() +
                 "; it must be a number, true, false or text.");
}

Result<void> set_from(Options& options, const std::string& name, const Json& value) {
  if (!value.is_array()) {
    CP_TRY(const std::string text, as_text(name, value));
    return set_option(options, name, text);
  }
  for (const auto& row : option_rows())
    if (name == row.info.name && row.info.type != OptionType::list)
      return invalid("Option '" + name + "' takes one value, not a list.");
  for (const auto& element : value) {
    CP_TRY(const std::string text, as_text(name, element));
    CP_CHECK(set_option(options, name, text));
  }
  return {};
}

}  // namespace

std::string to_json(const Options& options) {
  Json values = Json::object();
  for (const auto& row : option_rows())
    std::visit([&](auto member) { values[row.info.name] = options.*member; }, row.member);
  const Json all = {{"version", json_version}, {"options", std::move(values)}};
  // A path's bytes need not be UTF-8; JSON's must be.
  return all.dump(2, ' ', false, Json::error_handler_t::replace);
}

Result<Options> options_from_json(std::string_view json) {
  return guarded("options", [&]() -> Result<Options> {
    const Json all = Json::parse(json, nullptr, /*allow_exceptions=*/false);
    if (all.is_discarded() || !all.is_object())
      return invalid("The options are no JSON object; give {\"version\": 1, \"options\": {…}}.");
    const auto version = all.find("version");
    if (version == all.end() || *version != json_version)
      return invalid("The options' JSON is of a version other than 1; give \"version\": 1.");
    Options options;
    for (const auto& [key, value] : all.items()) {
      if (key == "version") continue;
      if (key != "options" || !value.is_object())
        return invalid("The options' JSON has '" + key +
                       "'; beside \"version\" it holds one object \"options\".");
      for (const auto& [name, setting] : value.items()) CP_CHECK(set_from(options, name, setting));
    }
    return options;
  });
}

}  // namespace cleanplate
