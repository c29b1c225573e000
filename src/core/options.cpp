#include <cleanplate/options.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "core/option_rows.h"
#include "core/try.h"

namespace cleanplate {

namespace {

using Type = OptionType;
constexpr auto what = "what to remove";
constexpr auto track = "tracking";
constexpr auto restore = "restoring";
constexpr auto encode = "encoding";
constexpr auto run = "resources and behaviour";

// name, type, default, least, most, choices, unit, group, help; member
constexpr OptionRow rows[] = {
    {{"region", Type::list, "", 0, 0, "", "luma samples", what,
      "Where the overlay is: x,y,w,h[@t0-t1], br:24,24,180,60 from a corner, poly:x1,y1 x2,y2 …"},
     &Options::region},
    {{"mask", Type::text, "", 0, 0, "", "", what,
      "A PNG of the coded picture's size; above 127 is overlay."},
     &Options::mask},
    {{"template", Type::list, "", 0, 0, "", "", what,
      "The overlay itself, a PNG with alpha, .lgd or .ldp; looked for at any place and size, or "
      "only in each region."},
     &Options::templates},
    {{"detect", Type::text, "auto", 0, 0, "auto|static|template|network|none", "", what,
      "How overlays are looked for where none is told."},
     &Options::detect},
    {{"method", Type::text, "auto", 0, 0, "auto|unblend|propagate|synthesize|fill", "", what,
      "How the samples under an overlay are brought back."},
     &Options::method},
    {{"min_score", Type::real, "0.1", 0, 1, "", "", what,
      "The least score at which a candidate is taken for an overlay."},
     &Options::min_score},
    {{"detect_batch", Type::integer, "16", 1, 256, "", "frames", what,
      "Frames that a network looks at in one pass; left at 16 it is 8 below 8 GiB of free memory, "
      "24 "
      "from 16 GiB."},
     &Options::detect_batch},
    {{"detector_model", Type::text, "", 0, 0, "", "", what,
      "Your own detector in place of ours: a YOLO v5, v8 or v11 exported to TorchScript."},
     &Options::detector_model},
    {{"detector_classes", Type::text, "", 0, 0, "", "", what,
      "The numbers of its classes that are overlays, as 0,3; empty: all."},
     &Options::detector_classes},
    {{"detector_size", Type::integer, "640", 32, 4096, "", "samples", what,
      "The side of the square that it takes."},
     &Options::detector_size},
    {{"models", Type::text, "", 0, 0, "", "", what,
      "The folder of the networks' weights; empty: share/cleanplate/models of this installation."},
     &Options::models},
    {{"scan_frames", Type::integer, "240", 8, 100000, "", "frames", what,
      "About how many frames of a file are looked at before restoring begins."},
     &Options::scan_frames},

    {{"track", Type::text, "static", 0, 0, "static|moving", "", track,
      "Whether what is told stays at its place, or is followed from there through the file."},
     &Options::track},
    {{"accumulation_seconds", Type::real, "2", 0, 60, "", "s", track,
      "The time over which the scores of sightings are added up."},
     &Options::accumulation_seconds},
    {{"persistence_frames", Type::integer, "18", 0, 1000, "", "frames", track,
      "How long an unseen overlay stays masked."},
     &Options::persistence_frames},

    {{"inpaint_model", Type::text, "", 0, 0, "", "", restore,
      "Your own network for what no frame shows: TorchScript, image and mask in, image out "
      "(LaMa)."},
     &Options::inpaint_model},
    {{"inpaint_batch", Type::integer, "8", 1, 256, "", "frames", restore,
      "Crops that a network fills in one pass; left at 8 it is 4 below 8 GiB, 12 from 16 GiB."},
     &Options::inpaint_batch},
    {{"segment_frames", Type::integer, "300", 1, 100000, "", "frames", restore,
      "The most crops that wait for a network that fills; left at 300 it is 180 below 8 GiB, 450 "
      "from "
      "16 GiB."},
     &Options::segment_frames},

    {{"encoder", Type::text, "auto", 0, 0, "", "", encode,
      "An FFmpeg encoder's name, or auto: the input's codec, the best encoder that opens."},
     &Options::encoder},
    {{"encoder_options", Type::text, "", 0, 0, "", "", encode,
      "The encoder's own settings, as preset=medium:crf=18."},
     &Options::encoder_options},
    {{"quality", Type::integer, "18", 0, 51, "", "", encode,
      "Quality as x264's crf counts it: 0 best, 51 worst; mapped to each encoder's own scale."},
     &Options::quality},
    {{"lossless", Type::boolean, "false", 0, 0, "", "", encode,
      "Encode without loss: outside the masks every sample is the decoded input's."},
     &Options::lossless},
    {{"tag_edited", Type::boolean, "true", 0, 0, "", "", encode,
      "Write one metadata key that says that the file was edited."},
     &Options::tag_edited},

    {{"device", Type::text, "auto", 0, 0, "auto|cpu|cuda|cuda:n", "", run,
      "Where pixel work runs; cuda: the card decodes too, where it can."},
     &Options::device},
    {{"simd", Type::text, "auto", 0, 0, "auto|baseline|avx2", "", run,
      "The processor's instruction set; every one gives the same samples."},
     &Options::simd},
    {{"threads", Type::integer, "0", 0, 1024, "", "", run,
      "Threads shared by decoder, pixel work and encoder; 0: as many as there are cores."},
     &Options::threads},
    {{"max_memory", Type::integer, "0", 0, 16777216, "", "MiB", run,
      "Memory for frames and models, shared likewise; 0: half of what is free."},
     &Options::max_memory},
    {{"gpu_memory_fraction", Type::real, "0.95", 0.05, 1, "", "", run,
      "The share of a GPU's free memory that may be used."},
     &Options::gpu_memory_fraction},
    {{"tf32", Type::boolean, "true", 0, 0, "", "", run,
      "Let networks on a card multiply in TF32; the process's first network there decides."},
     &Options::tf32},
    {{"cudnn_benchmark", Type::boolean, "true", 0, 0, "", "", run,
      "Let cuDNN time its algorithms; the process's first network on a card decides."},
     &Options::cudnn_benchmark},
    {{"strict", Type::boolean, "false", 0, 0, "", "", run,
      "Fail where a step down would be taken and reported."},
     &Options::strict},
    {{"tolerant", Type::boolean, "false", 0, 0, "", "", run,
      "Go on past damaged input and count the lost frames."},
     &Options::tolerant},
    {{"always", Type::boolean, "false", 0, 0, "", "", run,
      "Write an output even where nothing was found to remove."},
     &Options::always},
};

Error invalid(std::string message) { return {Code::invalid_option, "options", std::move(message)}; }

Error unknown(std::string_view name) {
  return invalid(
      fmt::format("There is no option '{}'; the options are listed in docs/options.md.", name));
}

/// "0 to 51", with the unit.
std::string range_text(const OptionInfo& info) {
  return fmt::format("{} to {}{}{}", info.least, info.most, *info.unit ? " " : "", info.unit);
}

Error out_of_range(const OptionInfo& info, std::string_view value) {
  return invalid(
      fmt::format("Option '{}' is '{}'; it must be {}.", info.name, value, range_text(info)));
}

/// "auto|cpu|cuda:n": whole words; ":n" stands for a number.
bool is_choice(std::string_view choices, std::string_view value) {
  while (!choices.empty()) {
    const auto bar = choices.find('|');
    const std::string_view choice = choices.substr(0, bar);
    if (!choice.ends_with(":n")) {
      if (choice == value) return true;
    } else {
      const auto stem = choice.substr(0, choice.size() - 1);
      const auto number = value.substr(std::min(stem.size(), value.size()));
      if (value.starts_with(stem) && !number.empty() && number.size() < 4 &&
          std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return true;
    }
    choices = bar == std::string_view::npos ? std::string_view{} : choices.substr(bar + 1);
  }
  return false;
}

Result<void> check_text(const OptionInfo& info, std::string_view value) {
  if (value.find('\0') != std::string_view::npos)
    return invalid(fmt::format("Option '{}' holds a zero byte; give plain text.", info.name));
  if (!*info.choices || is_choice(info.choices, value)) return {};
  return invalid(
      fmt::format("Option '{}' is '{}'; it must be one of {}.", info.name, value, info.choices));
}

template <class Number>
Result<void> check_number(const OptionInfo& info, Number value) {
  const auto v = static_cast<double>(value);
  if (v >= info.least && v <= info.most) return {};  // also refuses what is not a number
  return out_of_range(info, fmt::format("{}", value));
}

Result<void> check(const OptionInfo&, bool) { return {}; }
Result<void> check(const OptionInfo& info, int value) { return check_number(info, value); }
Result<void> check(const OptionInfo& info, std::int64_t value) { return check_number(info, value); }
Result<void> check(const OptionInfo& info, double value) { return check_number(info, value); }
Result<void> check(const OptionInfo& info, const std::string& value) {
  return check_text(info, value);
}
Result<void> check(const OptionInfo& info, const std::vector<std::string>& value) {
  for (const auto& element : value) CP_CHECK(check_text(info, element));
  return {};
}

Result<void> parse(const OptionInfo& info, std::string_view text, bool& value) {
  constexpr std::array yes{"true", "on", "yes", "1"}, no{"false", "off", "no", "0"};
  const auto is = [&](const char* word) { return text == word; };
  if (std::any_of(yes.begin(), yes.end(), is)) return value = true, Result<void>{};
  if (std::any_of(no.begin(), no.end(), is)) return value = false, Result<void>{};
  return invalid(fmt::format("Option '{}' is '{}'; it must be true or false.", info.name, text));
}

template <class Number>
Result<void> parse_number(const OptionInfo& info, std::string_view text, Number& value) {
  Number read{};
  const auto end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, read);
  if (failure == std::errc::result_out_of_range) return out_of_range(info, text);
  if (failure != std::errc{} || stop != end)
    return invalid(fmt::format("Option '{}' is '{}'; it must be a {}, {}.", info.name, text,
                               info.type == Type::real ? "number" : "whole number",
                               range_text(info)));
  if (!check_number(info, read)) return out_of_range(info, text);
  value = read;
  return {};
}
Result<void> parse(const OptionInfo& info, std::string_view text, int& value) {
  return parse_number(info, text, value);
}
Result<void> parse(const OptionInfo& info, std::string_view text, std::int64_t& value) {
  return parse_number(info, text, value);
}
Result<void> parse(const OptionInfo& info, std::string_view text, double& value) {
  return parse_number(info, text, value);
}
Result<void> parse(const OptionInfo& info, std::string_view text, std::string& value) {
  CP_CHECK(check_text(info, text));
  value = text;
  return {};
}
Result<void> parse(const OptionInfo& info, std::string_view text, std::vector<std::string>& value) {
  CP_CHECK(check_text(info, text));
  value.emplace_back(text);
  return {};
}

std::string text_of(bool value) { return value ? "true" : "false"; }
std::string text_of(int value) { return fmt::format("{}", value); }
std::string text_of(std::int64_t value) { return fmt::format("{}", value); }
std::string text_of(double value) { return fmt::format("{}", value); }
std::string text_of(const std::string& value) { return value; }
std::string text_of(const std::vector<std::string>& value) {
  return fmt::format("{}", fmt::join(value, ";"));
}

const OptionRow* find_row(std::string_view name) {
  for (const auto& row : rows)
    if (name == row.info.name) return &row;
  return nullptr;
}

}  // namespace

std::span<const OptionRow> option_rows() { return rows; }

Options::Options() {
  // The table's own test proves that each default is one that set_option takes.
  for (const auto& row : rows)
    if (row.info.type != Type::list)
      std::visit([&](auto member) { (void)parse(row.info, row.info.standard, this->*member); },
                 row.member);
}

int option_count() { return static_cast<int>(std::size(rows)); }

const OptionInfo* option_info(int index) {
  return index >= 0 && index < option_count() ? &rows[index].info : nullptr;
}

Result<void> set_option(Options& options, std::string_view name, std::string_view value) {
  return guarded("options", [&]() -> Result<void> {
    const OptionRow* row = find_row(name);
    if (!row) return unknown(name);
    return std::visit([&](auto member) { return parse(row->info, value, options.*member); },
                      row->member);
  });
}

Result<std::string> get_option(const Options& options, std::string_view name) {
  return guarded("options", [&]() -> Result<std::string> {
    const OptionRow* row = find_row(name);
    if (!row) return unknown(name);
    return std::visit([&](auto member) { return text_of(options.*member); }, row->member);
  });
}

Result<void> check_options(const Options& options) {
  return guarded("options", [&]() -> Result<void> {
    for (const auto& row : rows)
      CP_CHECK(
          std::visit([&](auto member) { return check(row.info, options.*member); }, row.member));
    return {};
  });
}

}  // namespace cleanplate
