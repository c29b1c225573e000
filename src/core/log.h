/// @file
/// A line for the host program's log callback; formatted only where somebody listens.
#pragma once
#include <cleanplate/log.h>
#include <fmt/format.h>

#include <utility>

namespace cleanplate {

/// Whether a line of this level would reach a callback. Threads: any.
[[nodiscard]] bool log_wanted(LogLevel level) noexcept;
/// Hands one line over; what the callback throws is dropped. Threads: any, one line at a time.
void log_text(LogLevel level, std::string_view line) noexcept;

template <class... Args>
void log_line(LogLevel level, fmt::format_string<Args...> format, Args&&... args) {
  if (log_wanted(level)) log_text(level, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace cleanplate
