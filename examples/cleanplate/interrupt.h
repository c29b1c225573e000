/// @file
/// Ctrl-C as a cancel token.
#pragma once
#include <cleanplate/cancel.h>

namespace cli {

/// The token that the first SIGINT or SIGTERM sets; a second one ends the program at once.
/// A closed output (SIGPIPE) is left to the write that meets it. Call once, from main.
cleanplate::CancelToken cancel_on_interrupt();

}  // namespace cli
