#include <cleanplate/options.h>

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace cleanplate;

namespace {

std::vector<const OptionInfo*> table() {
  std::vector<const OptionInfo*> rows;
  for (int i = 0; i < option_count(); ++i) rows.push_back(option_info(i));
  return rows;
}

/// A value that differs from the default and is allowed.
std::string another_value(const OptionInfo& info) {
  const std::string standard = info.standard;
  if (info.type == OptionType::boolean) return standard == "true" ? "false" : "true";
  if (info.type == OptionType::integer || info.type == OptionType::real)
    return std::to_string(static_cast<long>(info.most));
  const std::string choices = info.choices;
  if (choices.empty()) return "some text: with=signs";
  const auto bar = choices.find('|') + 1;
  return choices.substr(bar, choices.find('|', bar) - bar);
}

std::string message_of(const Result<void>& result) { return result ? "" : result.error().message; }

}  // namespace

TEST_CASE("every option's default is the table's, and the table accepts it") {
  const Options options;
  REQUIRE(check_options(options));
  for (const auto* info : table()) {
    CAPTURE(info->name);
    REQUIRE(*get_option(options, info->name) == info->standard);
    if (info->type == OptionType::list) continue;
    Options other;
    REQUIRE(set_option(other, info->name, info->standard));
    REQUIRE(*get_option(other, info->name) == info->standard);
  }
}

TEST_CASE("the defaults are those that the documents promise") {
  const Options o;
  REQUIRE(o.min_score == 0.10);
  REQUIRE(o.detect_batch == 16);
  REQUIRE(o.inpaint_batch == 8);
  REQUIRE(o.segment_frames == 300);
  REQUIRE(o.accumulation_seconds == 2.0);
  REQUIRE(o.persistence_frames == 18);
  REQUIRE(o.gpu_memory_fraction == 0.95);
  REQUIRE((o.tf32 && o.cudnn_benchmark && o.tag_edited));
  REQUIRE_FALSE((o.strict || o.tolerant || o.always || o.lossless));
  REQUIRE(o.quality == 18);
  REQUIRE((o.encoder == "auto" && o.detect == "auto" && o.device == "auto"));
  REQUIRE((o.threads == 0 && o.max_memory == 0));
}

TEST_CASE("every option reads back what was set, alone and through JSON") {
  for (const auto* info : table()) {
    CAPTURE(info->name);
    const std::string value = another_value(*info);
    Options options;
    REQUIRE(set_option(options, info->name, value));
    REQUIRE(*get_option(options, info->name) == value);
    REQUIRE(check_options(options));

    const auto read = options_from_json(to_json(options));
    REQUIRE(read);
    for (const auto* each : table())
      REQUIRE(*get_option(*read, each->name) == *get_option(options, each->name));
  }
}

TEST_CASE("every number is taken at both ends of its range and refused beyond them") {
  for (const auto* info : table()) {
    if (info->type != OptionType::integer && info->type != OptionType::real) continue;
    CAPTURE(info->name);
    Options options;
    const auto text = [&](double v) {
      return info->type == OptionType::integer ? std::to_string(static_cast<long>(v))
                                               : std::to_string(v);
    };
    REQUIRE(set_option(options, info->name, text(info->least)));
    REQUIRE(set_option(options, info->name, text(info->most)));
    const std::string before = *get_option(options, info->name);
    for (const auto& wrong : {text(info->least - 1), text(info->most + 1), std::string("nan"),
                              std::string("1e999"), std::string("99999999999999999999"),
                              std::string("12x"), std::string(""), std::string(" 9")}) {
      CAPTURE(wrong);
      const auto result = set_option(options, info->name, wrong);
      REQUIRE_FALSE(result);
      REQUIRE(result.error().code == Code::invalid_option);
      // The sentence says the name, the value and the range; the option keeps what it had.
      REQUIRE_THAT(message_of(result), Catch::Contains(info->name) && Catch::Contains(wrong));
      REQUIRE(*get_option(options, info->name) == before);
    }
  }
}

TEST_CASE("a value set in the struct is checked like one given as text") {
  Options options;
  options.quality = 52;
  REQUIRE(message_of(check_options(options)) == "Option 'quality' is '52'; it must be 0 to 51.");
  options = {};
  options.min_score = 0.0 / 0.0;
  REQUIRE_FALSE(check_options(options));
  options = {};
  options.detect = "magic";
  REQUIRE_THAT(message_of(check_options(options)), Catch::Contains("auto|static"));
}

TEST_CASE("a fixed choice is taken whole, a device also with its number") {
  Options options;
  REQUIRE(set_option(options, "device", "cuda:1"));
  REQUIRE(options.device == "cuda:1");
  for (const char* wrong : {"cuda:", "cuda:x", "cuda:n", "cu", "", "cpu|cuda", "CPU"})
    REQUIRE_FALSE(set_option(options, "device", wrong));
}

TEST_CASE("an unknown option is refused by name") {
  Options options;
  const auto result = set_option(options, "qualty", "3");
  REQUIRE(result.error().code == Code::invalid_option);
  REQUIRE_THAT(message_of(result), Catch::Contains("'qualty'"));
  REQUIRE_FALSE(get_option(options, "qualty"));
  REQUIRE(option_info(-1) == nullptr);
  REQUIRE(option_info(option_count()) == nullptr);
}

TEST_CASE("a list option gains an element each time") {
  Options options;
  REQUIRE(set_option(options, "region", "1,2,3,4"));
  REQUIRE(set_option(options, "region", "br:8,8,90,30@1-2"));
  REQUIRE(options.region == std::vector<std::string>{"1,2,3,4", "br:8,8,90,30@1-2"});
  REQUIRE(*get_option(options, "region") == "1,2,3,4;br:8,8,90,30@1-2");
}

TEST_CASE("options are read from JSON with numbers, words and lists") {
  const auto read = options_from_json(
      R"({"version": 1, "options": {"quality": 20, "lossless": true, "min_score": 0.25,
          "threads": "3", "region": ["1,2,3,4"], "encoder": "libx265"}})");
  REQUIRE(read);
  REQUIRE(read->quality == 20);
  REQUIRE(read->lossless);
  REQUIRE(read->min_score == 0.25);
  REQUIRE(read->threads == 3);
  REQUIRE(read->region.size() == 1);
  REQUIRE(read->encoder == "libx265");
  REQUIRE(read->detect_batch == 16);
}

TEST_CASE("JSON that is no options of this version is refused with a sentence") {
  for (const char* wrong :
       {"", "{", "[]", "3", "{}", R"({"version": 2})", R"({"version": 1, "options": []})",
        R"({"version": 1, "optoins": {}})", R"({"version": 1, "options": {"quality": 99}})",
        R"({"version": 1, "options": {"quality": null}})",
        R"({"version": 1, "options": {"quality": [1, 2]}})",
        R"({"version": 1, "options": {"quality": {}}})",
        R"({"version": 1, "options": {"no_such": 1}})"}) {
    CAPTURE(wrong);
    const auto read = options_from_json(wrong);
    REQUIRE_FALSE(read);
    REQUIRE(read.error().code == Code::invalid_option);
    REQUIRE(read.error().message.back() == '.');
  }
}
