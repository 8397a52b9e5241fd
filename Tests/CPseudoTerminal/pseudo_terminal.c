#define _GNU_SOURCE
#include "pseudo_terminal.h"

#include <pty.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <unistd.h>

int pseudo_terminal_start(const char *program, char *const arguments[], char *const environment[], int rows,
                          int columns, const int streams[3], pid_t *process) {
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
  int terminal = -1;
  pid_t child = forkpty(&terminal, NULL, NULL, &size);
  if (child < 0) return -1;
  if (child == 0) {
    /* Whatever the tests' runner ignores or blocks, the program starts as from a shell. */
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    for (int stream = 0; stream < 3; stream++)
      if (streams[stream] >= 0) dup2(streams[stream], stream);
    closefrom(3);
    execve(program, arguments, environment);
    _exit(127);
  }
  *process = child;
  return terminal;
}

int pseudo_terminal_resize(int terminal, int rows, int columns) {
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
  return ioctl(terminal, TIOCSWINSZ, &size);
}
