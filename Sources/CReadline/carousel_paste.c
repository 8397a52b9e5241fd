/* Bracketed paste: the terminal says where pasted text begins and ends, so that tabs in it do not complete and its
   newlines are not Enter. One line is inserted as if typed; several end the line, and the owner takes them apart. */
#include "carousel_internal.h"

#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

static const char end_mark[] = "\033[201~";
enum { mark_length = sizeof end_mark - 1, patience_in_milliseconds = 5000 };

/* Reads up to the mark; what came is malloc'ed. A terminal that never sends the mark costs a few seconds. */
static char *read_paste(void) {
  size_t length = 0, capacity = 4096;
  char *text = malloc(capacity);
  while (text) {
    int byte = carousel_next_byte(patience_in_milliseconds);
    if (byte < 0) break;
    if (length + 1 == capacity) {
      char *larger = realloc(text, capacity *= 2);
      if (!larger) break;
      text = larger;
    }
    if (byte != 0) text[length++] = (char)byte;
    if (length >= mark_length && memcmp(text + length - mark_length, end_mark, mark_length) == 0) {
      length -= mark_length;
      break;
    }
  }
  if (text) text[length] = 0;
  return text;
}

/* Terminals send a carriage return for each newline. */
static void use_newlines(char *text) {
  char *to = text;
  for (const char *from = text; *from; from++) {
    if (*from == '\r' && from[1] == '\n') continue;
    *to++ = *from == '\r' ? '\n' : *from;
  }
  *to = 0;
}

int carousel_paste(int count, int key) {
  (void)count, (void)key;
  char *text = read_paste();
  if (!text) return 1;
  use_newlines(text);
  if (strchr(text, '\n')) {
    carousel_finish_with_paste(text);
  } else {
    rl_insert_text(text);
    free(text);
  }
  return 0;
}
