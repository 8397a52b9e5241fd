/* The terminal is asked what it can do. Its answer comes as if it were typed, among what is typed. */
#include "carousel_internal.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

static long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int is_final(int byte) { return byte >= 0x40 && byte <= 0x7E; }

/* Takes bytes until the answer is whole or the time is over. `typed` gets what is no part of an answer. */
static int take_answer(char *answer, int size, long end, char *typed, size_t room, size_t *typed_count) {
  int length = 0, begin = 0; /* of the answer; of its line, which an unfinished one is cut back to */
  int depth = 0;             /* how much of ESC [ ? is there */
  while (*typed_count + 3 < room) {
    long left = end - now();
    int byte = carousel_next_byte(left > 0 ? (int)left : 0);
    if (byte < 0) break;
    static const char opening[] = "\033[?";
    if (depth < 3) {
      if (byte == opening[depth]) {
        depth++;
        continue;
      }
      memcpy(typed + *typed_count, opening, (size_t)depth);
      *typed_count += (size_t)depth;
      depth = byte == opening[0];
      if (!depth) typed[(*typed_count)++] = (char)byte;
      continue;
    }
    if (length + 2 < size) answer[length++] = (char)byte;
    if (!is_final(byte)) continue;
    depth = 0;
    if (length + 2 < size) answer[length++] = '\n';
    begin = length;
    if (byte == 'c') break;
  }
  int is_whole = begin >= 2 && answer[begin - 2] == 'c';
  /* A lone ESC was a key. */
  if (!is_whole && depth > 0 && depth < 3) {
    memcpy(typed + *typed_count, "\033[?", (size_t)depth);
    *typed_count += (size_t)depth;
  }
  answer[begin] = 0;
  return is_whole;
}

int carousel_terminal_ask(int shown_on, const char *question, char *answer, int size, int milliseconds) {
  struct termios before, raw;
  if (size < 1) return 0;
  answer[0] = 0;
  if (size < 4 || !carousel_raw_begin(shown_on, &before, &raw)) return 0;
  char typed[4096];
  size_t typed_count = 0;
  size_t length = strlen(question);
  int is_answered = 0;
  if (write(shown_on, question, length) == (ssize_t)length)
    is_answered = take_answer(answer, size, now() + milliseconds, typed, sizeof typed, &typed_count);
  if (typed_count) carousel_push_back(typed, typed_count);
  carousel_raw_end(&before);
  return is_answered;
}

/* An answer that came too late is no text. */
int carousel_swallow_answer(int count, int key) {
  (void)count, (void)key;
  int byte;
  do byte = carousel_next_byte(50);
  while (byte >= 0 && !is_final(byte));
  return 0;
}
