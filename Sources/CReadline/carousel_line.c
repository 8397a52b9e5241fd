/* One line, or one block of lines, edited on a terminal with GNU readline's callback interface.

   The owner's thread sleeps in pselect; what wakes it is a byte or one of the flags of carousel_signals.c. So no
   signal handler runs inside readline, and nothing is thrown or jumped through its frames. */
#include "carousel_internal.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

carousel_line_callbacks carousel_callbacks;

static int output = STDOUT_FILENO;
static sigset_t unblocked;
static void (*prepare)(void *);
static const char *initial_text;

/* The line that is being read. */
static carousel_line_result result;
static int is_finished;

/* Bytes to be read before the terminal is asked. */
static char *pushed_back;
static size_t pushed_start, pushed_end;

static char *copy(const char *text) {
  char *answer = strdup(text ? text : "");
  if (!answer) abort();
  return answer;
}

/* UTF-8 for characters whatever LANG says; numbers keep their point. Readline asks the environment again for each
   line, so it is told there. */
static void set_locale(void) {
  if (setlocale(LC_CTYPE, "") && strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return;
  const char *all = getenv("LC_ALL");
  setenv(all && *all ? "LC_ALL" : "LC_CTYPE", "C.UTF-8", 1);
  setlocale(LC_CTYPE, "");
}

/* Bytes */

void carousel_push_back(const char *bytes, size_t count) {
  size_t left = pushed_end - pushed_start;
  char *joined = malloc(count + left + 1);
  if (!joined) return;
  memcpy(joined, bytes, count);
  if (left) memcpy(joined + count, pushed_back + pushed_start, left);
  free(pushed_back);
  pushed_back = joined;
  pushed_start = 0;
  pushed_end = count + left;
}

static int wait_for_input(int milliseconds) {
  fd_set set;
  FD_ZERO(&set);
  FD_SET(STDIN_FILENO, &set);
  struct timespec time = {milliseconds / 1000, (milliseconds % 1000) * 1000000L};
  int ready = pselect(STDIN_FILENO + 1, &set, NULL, NULL, milliseconds < 0 ? NULL : &time, &unblocked);
  if (ready <= 0) return ready;
  /* With a byte there already pselect lets no signal in; but Ctrl-C comes before what was typed after it. */
  sigset_t held;
  pthread_sigmask(SIG_SETMASK, &unblocked, &held);
  pthread_sigmask(SIG_SETMASK, &held, NULL);
  if (!carousel_was_interrupted) return ready;
  errno = EINTR;
  return -1;
}

int carousel_next_byte(int milliseconds) {
  if (pushed_start < pushed_end) return (unsigned char)pushed_back[pushed_start++];
  if (milliseconds >= 0 && wait_for_input(milliseconds) <= 0) return -1;
  unsigned char bytes[4096];
  ssize_t count;
  do count = read(STDIN_FILENO, bytes, milliseconds >= 0 ? sizeof bytes : 1);
  while (count < 0 && errno == EINTR);
  if (count <= 0) return -1;
  if (count > 1) carousel_push_back((const char *)bytes + 1, (size_t)count - 1);
  return bytes[0];
}

int carousel_has_waiting_input(void) {
  int count = 0;
  return pushed_start < pushed_end || (ioctl(STDIN_FILENO, FIONREAD, &count) == 0 && count > 0);
}

static int byte_for_readline(FILE *ignored) {
  (void)ignored;
  int byte = carousel_next_byte(-1);
  return byte < 0 ? EOF : byte;
}

/* The ways a line ends */

static void finish(carousel_line_kind kind) {
  result.kind = kind;
  is_finished = 1;
}

static void line_is_whole(char *line) {
  rl_callback_handler_remove();
  if (is_finished) { /* with texts of its own */
    free(line);
    return;
  }
  if (line) {
    free(result.text);
    result.text = line;
    finish(carousel_line_text);
  } else {
    finish(carousel_line_end);
  }
}

/* Ends it with nothing but its prompt on the screen. */
static void leave_the_line(carousel_line_kind kind) {
  finish(kind);
  rl_replace_line("", 1);
  carousel_redisplay();
  rl_done = 1;
}

void carousel_finish_with_paste(char *pasted) {
  int point = rl_point;
  free(result.text);
  free(result.pasted);
  free(result.rest);
  result.text = rl_copy_text(0, point);
  result.pasted = pasted;
  result.rest = rl_copy_text(point, rl_end);
  leave_the_line(carousel_line_pasted);
}

int carousel_edit(int count, int key) {
  (void)count, (void)key;
  free(result.text);
  result.text = copy(rl_line_buffer);
  leave_the_line(carousel_line_edit);
  return 0;
}

static void drop_the_line(void) {
  free(result.text);
  result.text = copy(rl_line_buffer);
  rl_free_line_state();
  rl_callback_sigcleanup();
  rl_point = rl_end;
  carousel_redisplay();
  fputs("^C\n", rl_outstream);
  fflush(rl_outstream);
  rl_callback_handler_remove();
  rl_cleanup_after_signal();
  finish(carousel_line_interrupted);
}

static void stop_and_continue(void) {
  rl_cleanup_after_signal();
  fputc('\n', rl_outstream);
  fflush(rl_outstream);
  carousel_stop_now();
  rl_reset_after_signal();
  rl_reset_screen_size();
  rl_on_new_line();
  rl_forced_update_display();
}

static void look_at_flags(void) {
  if (carousel_was_interrupted) {
    carousel_was_interrupted = 0;
    drop_the_line();
    return;
  }
  if (carousel_was_stopped) {
    carousel_was_stopped = 0;
    stop_and_continue();
  }
  if (carousel_was_resized) {
    carousel_was_resized = 0;
    carousel_redraw_after_resize();
  }
}

/* Setting up */

static int insert_initial_text(void) {
  if (initial_text && *initial_text) rl_insert_text(initial_text);
  return 0;
}

void carousel_line_open(const char *program, int shown_on, carousel_line_callbacks callbacks) {
  carousel_callbacks = callbacks;
  output = shown_on;
  rl_readline_name = copy(program); /* kept: readline reads it later */
  rl_instream = stdin;
  rl_outstream = shown_on == STDERR_FILENO ? stderr : stdout;
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  rl_change_environment = 0;
  rl_getc_function = byte_for_readline;
  rl_startup_hook = insert_initial_text;
  set_locale();
  rl_initialize();
  /* Not before: with a display function of ours readline does not look up what the terminal can. */
  rl_redisplay_function = carousel_redisplay;
  /* The region is marked by offsets in the text, which is not quite what carousel_redisplay shows. */
  rl_variable_bind("enable-active-region", "off");
  /* Else each line binds Ctrl-U anew, to all of the block. */
  rl_variable_bind("bind-tty-special-chars", "off");
  carousel_bind_keys();
  stifle_history(10000);
}

void carousel_line_on_first_wait(void (*function)(void *)) { prepare = function; }

void carousel_history_add(const char *entry) {
  add_history(entry);
  using_history();
}

carousel_line_result carousel_line_read(const char *prompt, const char *initial) {
  result = (carousel_line_result){carousel_line_end, copy(""), copy(""), copy("")};
  is_finished = 0;
  initial_text = initial;
  carousel_was_interrupted = carousel_was_resized = carousel_was_stopped = 0;
  carousel_editing_begin(output, &unblocked);
  rl_reset_screen_size();
  rl_callback_handler_install(prompt, line_is_whole);
  const char *pasting = rl_variable_value("enable-bracketed-paste");
  carousel_editing_terminal_is_ready(pasting && strcmp(pasting, "on") == 0);
  if (prepare) {
    prepare(carousel_callbacks.context);
    prepare = NULL;
  }
  while (!is_finished) {
    if (carousel_was_interrupted || carousel_was_stopped || carousel_was_resized) {
      look_at_flags();
    } else if (pushed_start < pushed_end || wait_for_input(-1) > 0) {
      rl_callback_read_char();
    } else if (errno != EINTR) {
      rl_callback_handler_remove();
      break;
    }
  }
  carousel_editing_end();
  return result;
}

void carousel_line_result_free(carousel_line_result given) {
  free(given.text);
  free(given.pasted);
  free(given.rest);
}

/* Bytes as they come, without editing */

int carousel_raw_begin(int shown_on, struct termios *before, struct termios *raw) {
  if (tcgetattr(STDIN_FILENO, before) != 0) return 0;
  carousel_editing_begin(shown_on, &unblocked);
  *raw = *before;
  raw->c_lflag &= ~(tcflag_t)(ICANON | ECHO);
  raw->c_cc[VMIN] = 1;
  raw->c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSANOW, raw);
  carousel_editing_terminal_is_ready(0);
  return 1;
}

void carousel_raw_end(const struct termios *before) {
  tcsetattr(STDIN_FILENO, TCSANOW, before);
  carousel_editing_end();
}

int carousel_key_read(int shown_on, char *key, int size, int milliseconds) {
  struct termios before, raw;
  if (size < 1 || !carousel_raw_begin(shown_on, &before, &raw)) return 0;
  carousel_was_interrupted = carousel_was_stopped = 0;
  int count = 0, ready = 0;
  while (count == 0) {
    if (carousel_was_interrupted) {
      carousel_was_interrupted = 0;
      count = -1;
    } else if (carousel_was_stopped) {
      carousel_was_stopped = 0;
      tcsetattr(STDIN_FILENO, TCSANOW, &before);
      carousel_stop_now();
      tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    } else if (pushed_start < pushed_end || (ready = wait_for_input(milliseconds)) > 0) {
      int byte = carousel_next_byte(-1);
      if (byte < 0) break;
      key[count++] = (char)byte;
      /* The rest of a letter, or of a key that sends several bytes. */
      int follows = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
      while (count < size && (follows-- > 0 || (key[0] == 27 && count < 3))) {
        byte = carousel_next_byte(20);
        if (byte < 0) break;
        key[count++] = (char)byte;
      }
    } else if (ready == 0) {
      count = carousel_key_none;
    } else if (errno != EINTR) {
      break;
    }
  }
  carousel_raw_end(&before);
  return count;
}
