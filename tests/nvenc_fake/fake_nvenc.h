/// @file
/// A made-up NVENC: it "codes" H.264 without loss, so that what it was handed can be read back.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

struct FakeNvenc {
  /// Whether a card's memory is there, and of the kind that NVENC takes; set by the test.
  bool (*registers)(const void* first, std::size_t bytes) = nullptr;
  /// Whether its card still works; set by the test.
  bool (*alive)() = nullptr;
  int fail_session = -1;   ///< this session, from 0 on, is refused: the card has no more
  int sessions_from = -1;  ///< this one and all after it are
  int fail_register = -1;  ///< this piece of memory is not taken
  int fail_picture = -1;   ///< this picture, trials included, is not coded

  int sessions = 0, open = 0;           ///< so far; that were not given back
  int registered = 0, known = 0;        ///< pieces of memory likewise
  int pictures = 0;                     ///< handed over, trials included
  int from_card = 0, from_host = 0;     ///< pictures coded
  std::vector<std::string> complaints;  ///< what was done wrong, a sentence each
};

/// The one in the library libnvidia-encode.so.1 that FFmpeg loads.
extern "C" FakeNvenc* fake_nvenc();
