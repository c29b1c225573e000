/// @file
/// Small clips for the fault tests, made with libav.
#pragma once
#include <string>
#include <utility>
#include <vector>

struct ClipRecipe {
  int width = 160, height = 120, frames = 50;
  const char* video = "libx264";  ///< an encoder's name; null: no video
  bool sound = false;             ///< a track of 16-bit PCM, silence
  bool noise = false;             ///< hard to code: about 5 KiB a frame
  /// Given to the muxer; the container follows the path's extension.
  std::vector<std::pair<std::string, std::string>> muxer_options;
};

/// A moving pattern with a grey box at 16,16 of 48x24; 25 frames a second.
/// Throws std::runtime_error where libav refuses.
void make_clip(const std::string& path, const ClipRecipe& recipe = {});
