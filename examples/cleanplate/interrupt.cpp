#include "interrupt.h"

#include <csignal>

namespace cli {

namespace {
const cleanplate::CancelToken* token = nullptr;

extern "C" void interrupt(int) { token->cancel(); }
}  // namespace

cleanplate::CancelToken cancel_on_interrupt() {
  static const cleanplate::CancelToken the_token;
  token = &the_token;
  struct sigaction action {};
  action.sa_handler = interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return the_token;
}

}  // namespace cli
