/// @file
/// Where messages go: nowhere, until the host program says otherwise. The only global state.
#pragma once
#include <functional>
#include <string_view>

namespace cleanplate {

enum class LogLevel { debug = 0, info = 1, warning = 2, error = 3 };

/// Called with one line, no newline, UTF-8; may be called from any thread, one call at a time.
using LogCallback = std::function<void(LogLevel, std::string_view)>;

/// Replaces the callback; an empty one silences the library. Threads: any.
void set_log_callback(LogCallback callback, LogLevel least = LogLevel::info);

}  // namespace cleanplate
