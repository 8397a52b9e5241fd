/* Signals become flags, and the terminal is put back on every way out.

   - Ctrl-C (SIGINT), a new size (SIGWINCH) and Ctrl-Z while editing (SIGTSTP) only set a flag. While a line is edited
     they are blocked except inside pselect, so that none is lost between looking at a flag and falling asleep.
   - Whatever ends the process (SIGTERM, SIGHUP, a crash) first restores the terminal, then takes its usual course.
   - SA_RESTART is left out for SIGINT: a read that blocks while a statement runs must return. */
#include "carousel_internal.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

volatile sig_atomic_t carousel_was_interrupted, carousel_was_resized, carousel_was_stopped;

static struct termios before_editing;
static volatile sig_atomic_t can_restore, is_editing, paste_is_bracketed, shown_on;
static sigset_t mask_before_editing;

int carousel_interrupt_pending(void) { return carousel_was_interrupted; }
void carousel_interrupt_clear(void) { carousel_was_interrupted = 0; }

static void note(int signal) {
  switch (signal) {
    case SIGINT: carousel_was_interrupted = 1; break;
    case SIGWINCH: carousel_was_resized = 1; break;
    case SIGTSTP: carousel_was_stopped = 1; break;
  }
}

void carousel_terminal_restore(void) {
  if (!is_editing) return;
  is_editing = 0;
  int saved = errno;
  if (paste_is_bracketed) {
    ssize_t ignored = write(shown_on, "\033[?2004l\r", 9);
    (void)ignored;
  }
  if (can_restore) tcsetattr(STDIN_FILENO, TCSANOW, &before_editing);
  ssize_t ignored = write(shown_on, "\n", 1);
  (void)ignored;
  errno = saved;
}

/* What ends a process, with the action that stood before ours. */
static const int endings[] = {SIGHUP, SIGQUIT, SIGTERM, SIGPIPE, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
enum { ending_count = sizeof endings / sizeof *endings };
static struct sigaction earlier[ending_count];

static void restore_and_end(int signal) {
  carousel_terminal_restore();
  for (int i = 0; i < ending_count; i++)
    if (endings[i] == signal) sigaction(signal, &earlier[i], NULL);
  raise(signal); /* blocked until we return, then it takes its earlier course */
}

static void install(int signal, void (*handler)(int), int flags) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, NULL);
}

void carousel_signals_install(void) {
  struct sigaction present;
  /* A shell's background job ignores Ctrl-C, nohup ignores SIGHUP: that stays so. */
  if (sigaction(SIGINT, NULL, &present) == 0 && present.sa_handler != SIG_IGN) install(SIGINT, note, 0);
  install(SIGWINCH, note, SA_RESTART);
  for (int i = 0; i < ending_count; i++) {
    sigaction(endings[i], NULL, &earlier[i]);
    /* `carousel ... | head` ends quietly whoever starts it; Ctrl-\ without the Swift runtime's questions. */
    if (endings[i] == SIGPIPE || endings[i] == SIGQUIT) earlier[i].sa_handler = SIG_DFL;
    if (earlier[i].sa_handler == SIG_IGN) continue;
    install(endings[i], restore_and_end, SA_ONSTACK);
  }
  atexit(carousel_terminal_restore);
}

void carousel_editing_begin(int output, sigset_t *unblocked) {
  sigset_t held;
  sigemptyset(&held);
  sigaddset(&held, SIGINT);
  sigaddset(&held, SIGWINCH);
  sigaddset(&held, SIGTSTP);
  pthread_sigmask(SIG_BLOCK, &held, &mask_before_editing);
  *unblocked = mask_before_editing;
  install(SIGTSTP, note, 0);
  can_restore = tcgetattr(STDIN_FILENO, &before_editing) == 0;
  shown_on = output;
}

void carousel_editing_terminal_is_ready(int bracketed_paste) {
  paste_is_bracketed = bracketed_paste;
  is_editing = 1;
}

void carousel_editing_end(void) {
  is_editing = 0;
  install(SIGTSTP, SIG_DFL, 0);
  pthread_sigmask(SIG_SETMASK, &mask_before_editing, NULL);
}

/* Ctrl-Z: the caller has put the terminal back; comes back when the shell continues us. */
void carousel_stop_now(void) {
  sigset_t stop, before;
  is_editing = 0;
  install(SIGTSTP, SIG_DFL, 0);
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  raise(SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &stop, &before);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  install(SIGTSTP, note, 0);
  is_editing = 1;
}
