/* Tab. What can stand here is the owner's affair; readline's own completion knows files and words, not this language,
   and breaks words at a backslash. */
#include "carousel_internal.h"

#include <stdlib.h>

#include <readline/readline.h>

static void show_below(const char *listing) {
  int point = rl_point;
  rl_point = rl_end;
  carousel_redisplay();
  fputc('\n', rl_outstream);
  fputs(listing, rl_outstream);
  rl_point = point;
  rl_on_new_line();
  carousel_redisplay();
}

int carousel_tab(int count, int key) {
  (void)count, (void)key;
  int start = rl_point;
  char *listing = NULL;
  char *replacement = NULL;
  if (carousel_callbacks.complete)
    replacement = carousel_callbacks.complete(carousel_callbacks.context, rl_line_buffer, rl_point,
                                              rl_last_func == carousel_tab, &start, &listing);
  if (replacement && start >= 0 && start <= rl_point) {
    rl_begin_undo_group();
    rl_delete_text(start, rl_point);
    rl_point = start;
    rl_insert_text(replacement);
    rl_end_undo_group();
  } else if (!listing) {
    rl_ding();
  }
  if (listing) show_below(listing);
  free(replacement);
  free(listing);
  return 0;
}
