/// @file
/// Tests that need a process of their own: what one has loaded or set stays with it.
#pragma once
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

inline bool holds_in_own_process(const std::function<bool()>& claim) {
  const pid_t child = fork();
  if (child == 0) _exit(claim() ? 0 : 1);
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
         WEXITSTATUS(status) == 0;
}
