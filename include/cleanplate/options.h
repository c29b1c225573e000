/// @file
/// Every option, one struct. Names, ranges, units and help are in one table, from which the
/// checks, the command line, the JSON reading and docs/options.md are made.
#pragma once
#include <cleanplate/result.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cleanplate {

/// Defaults are those of the table; see docs/options.md for each one's meaning.
struct Options {
  Options();  ///< the table's defaults

  // what to remove
  std::vector<std::string> region;     ///< x,y,w,h[@t0-t1] or corner-relative br:24,24,180,60
  std::string mask;                    ///< path of a PNG, the coded picture's size; >127 = inside
  std::vector<std::string> templates;  ///< paths: PNG with alpha, .lgd, .ldp
  std::string detect;                  ///< auto static template network none
  std::string method;                  ///< auto unblend propagate synthesize fill
  double min_score;
  int detect_batch, scan_frames;
  std::string detector_model;    ///< path of a TorchScript YOLO; empty: our own network
  std::string detector_classes;  ///< numbers, comma between; empty: all
  int detector_size;             ///< the side of its square input
  std::string models;            ///< folder of the networks' weights; empty: the installation's

  // tracking
  std::string track;  ///< static moving
  double accumulation_seconds;
  int persistence_frames;

  // restoring
  std::string inpaint_model;  ///< path of a TorchScript inpainting network; empty: classical
  int inpaint_batch, segment_frames;

  // encoding
  std::string encoder;          ///< auto, or an FFmpeg encoder name
  std::string encoder_options;  ///< key=value:key=value, passed to the encoder
  int quality;
  bool lossless, tag_edited;

  // resources and behaviour
  std::string device;  ///< auto cpu cuda cuda:n
  std::string simd;    ///< auto baseline avx2
  int threads;
  std::int64_t max_memory;  ///< MiB
  double gpu_memory_fraction;
  bool tf32, cudnn_benchmark;
  bool strict, tolerant, always;
};

enum class OptionType : std::int32_t { boolean, integer, real, text, list };

/// One row of the table.
struct OptionInfo {
  const char* name;
  OptionType type;
  const char* standard;  ///< the default, as text
  double least, most;    ///< numbers only; both 0 for text
  const char* choices;   ///< "auto|static|…" for text with fixed values, else ""
  const char* unit;      ///< "" where there is none
  const char* group;
  const char* help;  ///< one line
};

/// The table. @param index 0 … option_count()-1, else null.
[[nodiscard]] int option_count();
[[nodiscard]] const OptionInfo* option_info(int index);

/// Sets one option from text; a list option gains an element.
/// @return `invalid_option`: names the option, the value and what is allowed.
[[nodiscard]] Result<void> set_option(Options& options, std::string_view name,
                                      std::string_view value);
/// The value as text; a list's elements joined by ';'. @return `invalid_option`: no such option.
[[nodiscard]] Result<std::string> get_option(const Options& options, std::string_view name);
/// Checks every value against the table. @return `invalid_option`.
[[nodiscard]] Result<void> check_options(const Options& options);

/// {"version": 1, "options": {"quality": 20, …}}, UTF-8; every option is written.
[[nodiscard]] std::string to_json(const Options& options);
/// Reads the same; what is not named keeps its default, numbers may be given as text.
/// @return `invalid_option`: no JSON, another version, an unknown name, a value out of range.
[[nodiscard]] Result<Options> options_from_json(std::string_view json);

}  // namespace cleanplate
