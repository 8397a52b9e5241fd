/* Several lines in one buffer.

   Readline's buffer may hold newlines, and its display shows them; what it lacks is the continuation prompt. So while
   it draws, the buffer is exchanged for one in which ". " follows each newline, and a block taller than the terminal is
   cut to the lines around the cursor (readline cannot draw what has scrolled away). Everything else, undo, history and
   search, works on the plain text. */
#define _XOPEN_SOURCE 700 /* wcwidth */
#include "carousel_internal.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <readline/history.h>
#include <readline/readline.h>

static const char continuation[] = ". ";
enum { prompt_width = sizeof continuation - 1, indentation = 2 };

/* Lines of the buffer */

static int line_start(int point) {
  while (point > 0 && rl_line_buffer[point - 1] != '\n') point--;
  return point;
}

static int line_end(int point) {
  while (point < rl_end && rl_line_buffer[point] != '\n') point++;
  return point;
}

static int has_several_lines(void) { return memchr(rl_line_buffer, '\n', (size_t)rl_end) != NULL; }

/* Not on a terminal that cannot move up: there readline shows one line that scrolls sideways. */
static int can_show_several_lines(void) {
  const char *up = rl_get_termcap("up");
  return up && *up;
}

/* The rows of the terminal that buffer[start ..< end] takes behind its prompt. */
static int rows_taken(int start, int end, int columns) {
  mbstate_t state = {0};
  int width = prompt_width;
  while (start < end) {
    wchar_t wide;
    size_t count = mbrtowc(&wide, rl_line_buffer + start, (size_t)(end - start), &state);
    if (count == 0 || count > (size_t)(end - start)) {
      memset(&state, 0, sizeof state);
      count = 1;
      width += 1;
    } else {
      int cells = wcwidth(wide);
      width += cells < 0 ? 2 : cells;
    }
    start += (int)count;
  }
  return columns > 0 ? width / columns + 1 : 1;
}

/* The part to show: whole lines around the cursor that fit the terminal. */
static void choose_window(int *start, int *end) {
  int rows, columns;
  rl_get_screen_size(&rows, &columns);
  *start = line_start(rl_point);
  *end = line_end(rl_point);
  int free_rows = rows - 1 - rows_taken(*start, *end, columns);
  while (*start > 0) {
    int above = line_start(*start - 1);
    int needed = rows_taken(above, *start - 1, columns);
    if (needed > free_rows) break;
    free_rows -= needed;
    *start = above;
  }
  while (*end < rl_end) {
    int below = line_end(*end + 1);
    int needed = rows_taken(*end + 1, below, columns);
    if (needed > free_rows) break;
    free_rows -= needed;
    *end = below;
  }
}

void carousel_redisplay(void) {
  if (!has_several_lines() || !can_show_several_lines()) {
    rl_redisplay();
    return;
  }
  int start, end;
  choose_window(&start, &end);
  char *shown = malloc((size_t)(end - start) * (prompt_width + 1) + 1);
  if (!shown) return;
  int length = 0, shown_point = 0;
  for (int i = start; i <= end; i++) {
    if (i == rl_point) shown_point = length;
    if (i == end) break;
    shown[length++] = rl_line_buffer[i];
    if (rl_line_buffer[i] != '\n') continue;
    memcpy(shown + length, continuation, prompt_width);
    length += prompt_width;
  }
  shown[length] = 0;

  char *text = rl_line_buffer;
  int point = rl_point, text_end = rl_end;
  rl_line_buffer = shown;
  rl_point = shown_point;
  rl_end = length;
  rl_redisplay();
  rl_line_buffer = text;
  rl_point = point;
  rl_end = text_end;
  free(shown);
}

/* Terminals break their lines anew when their width changes: the cursor is as many rows below the prompt as the text
   before it takes now. Readline's own redrawing supposes one line, and is not used with a display function of ours. */
void carousel_redraw_after_resize(void) {
  if (!can_show_several_lines()) {
    rl_resize_terminal();
    return;
  }
  int start, end, rows, columns;
  choose_window(&start, &end);
  rl_reset_screen_size();
  rl_get_screen_size(&rows, &columns);
  int above = 0;
  while (start < rl_point) {
    int stop = line_end(start);
    if (stop >= rl_point) stop = rl_point;
    above += rows_taken(start, stop, columns);
    if (stop == rl_point) {
      above--;
      break;
    }
    start = stop + 1;
  }
  while (above-- > 0 && rows-- > 1) fputs(rl_get_termcap("up"), rl_outstream);
  fputs("\r\033[J", rl_outstream);
  rl_on_new_line();
  carousel_redisplay();
}

/* Enter, Alt-Enter, } */

int carousel_enter(int count, int key) {
  char *insertion = NULL;
  if (can_show_several_lines() && carousel_callbacks.newline)
    insertion = carousel_callbacks.newline(carousel_callbacks.context, rl_line_buffer, rl_point);
  if (!insertion || !*insertion) {
    free(insertion);
    rl_point = rl_end; /* the cursor goes below the block */
    carousel_redisplay();
    return rl_newline(count, key);
  }
  /* Text that is still arriving was typed elsewhere and brings its own indentation. */
  if (carousel_has_waiting_input()) insertion[1] = 0;
  rl_insert_text(insertion);
  free(insertion);
  return 0;
}

int carousel_insert_newline(int count, int key) {
  (void)count, (void)key;
  rl_insert_text("\n");
  return 0;
}

/* A brace that closes a block stands further left than the block. */
int carousel_close_brace(int count, int key) {
  int start = line_start(rl_point), blank = start;
  while (blank < rl_point && rl_line_buffer[blank] == ' ') blank++;
  if (start > 0 && blank == rl_point && rl_point - start >= indentation && count == 1) {
    rl_delete_text(rl_point - indentation, rl_point);
    rl_point -= indentation;
  }
  return rl_insert(count, key);
}

/* Ctrl-A, Ctrl-E, Ctrl-K, Ctrl-U mean the line of the block that the cursor is in; readline's own mean all of it. */

int carousel_line_start(int count, int key) {
  (void)count, (void)key;
  rl_point = line_start(rl_point);
  return 0;
}

int carousel_line_finish(int count, int key) {
  (void)count, (void)key;
  rl_point = line_end(rl_point);
  return 0;
}

int carousel_kill_line(int count, int key) {
  (void)count, (void)key;
  int end = line_end(rl_point);
  /* At a line's end its newline goes, and the next line follows on. */
  rl_kill_text(rl_point, end == rl_point && end < rl_end ? end + 1 : end);
  return 0;
}

int carousel_discard_line(int count, int key) {
  (void)count, (void)key;
  int start = line_start(rl_point);
  rl_kill_text(start, rl_point);
  rl_point = start;
  return 0;
}

/* Up and Down: within the block, and beyond it through the history, by what stands before the cursor */

static int was_history;

static int characters(int start, int end) {
  int count = 0;
  for (; start < end; start++) count += (rl_line_buffer[start] & 0xC0) != 0x80;
  return count;
}

static int move_to_column(int start, int column) {
  int end = line_end(start);
  while (start < end && column > 0) {
    start++;
    while (start < end && (rl_line_buffer[start] & 0xC0) == 0x80) start++;
    column--;
  }
  return start;
}

/* A search goes on if the key before this one searched, too; readline tells by its last command, which was ours. */
static void search_history(rl_command_func_t *search, int count, int key) {
  int goes_on = was_history && (rl_last_func == carousel_up || rl_last_func == carousel_down);
  if (goes_on) rl_last_func = search;
  search(count, key);
  was_history = 1;
}

int carousel_up(int count, int key) {
  int start = line_start(rl_point);
  if (start > 0) {
    rl_point = move_to_column(line_start(start - 1), characters(start, rl_point));
    was_history = 0;
    return 0;
  }
  int was_at_end = rl_point == line_end(rl_point);
  search_history(rl_history_search_backward, count, key);
  /* To the end of the entry's first line, so that another Up goes on. */
  if (was_at_end && rl_point == rl_end) rl_point = line_end(0);
  return 0;
}

int carousel_down(int count, int key) {
  int end = line_end(rl_point);
  if (end < rl_end) {
    rl_point = move_to_column(end + 1, characters(line_start(rl_point), rl_point));
    was_history = 0;
    return 0;
  }
  search_history(rl_history_search_forward, count, key);
  return 0;
}
