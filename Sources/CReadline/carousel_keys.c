/* Which key does what. */
#include "carousel_internal.h"

#include <readline/readline.h>

/* Gives a key our function where readline's own default (or a close relative that people put into their .inputrc)
   stands; a key that was given another meaning keeps it. */
static void bind_over(const char *keys, rl_command_func_t *ours, rl_command_func_t *const *defaults) {
  rl_command_func_t *present = rl_function_of_keyseq(keys, NULL, NULL);
  int is_free = present == NULL;
  for (; *defaults && !is_free; defaults++) is_free = present == *defaults;
  if (is_free) rl_bind_keyseq(keys, ours);
}

void carousel_bind_keys(void) {
  static rl_command_func_t *const ups[] = {rl_get_previous_history, rl_history_search_backward, NULL};
  static rl_command_func_t *const downs[] = {rl_get_next_history, rl_history_search_forward, NULL};
  static rl_command_func_t *const tabs[] = {rl_complete, rl_menu_complete, rl_insert, NULL};
  static rl_command_func_t *const enters[] = {rl_newline, NULL};
  static rl_command_func_t *const pastes[] = {rl_bracketed_paste_begin, NULL};
  static rl_command_func_t *const inserts[] = {rl_insert, NULL};
  static rl_command_func_t *const metas[] = {rl_vi_editing_mode, NULL};
  static rl_command_func_t *const nothing[] = {NULL};
  static rl_command_func_t *const starts[] = {rl_beg_of_line, NULL};
  static rl_command_func_t *const ends[] = {rl_end_of_line, NULL};
  static rl_command_func_t *const kills[] = {rl_kill_line, NULL};
  static rl_command_func_t *const discards[] = {rl_unix_line_discard, NULL};
  const struct {
    const char *keys;
    rl_command_func_t *ours;
    rl_command_func_t *const *defaults;
  } rows[] = {
      {"\033[A", carousel_up, ups},           {"\033OA", carousel_up, ups},
      {"\033[B", carousel_down, downs},       {"\033OB", carousel_down, downs},
      {"\t", carousel_tab, tabs},             {"\r", carousel_enter, enters},
      {"\n", carousel_enter, enters},         {"\033\r", carousel_insert_newline, metas},
      {"\033\n", carousel_insert_newline, metas}, {"\033[200~", carousel_paste, pastes},
      {"}", carousel_close_brace, inserts},   {"\030\005", carousel_edit, nothing},
      {"\001", carousel_line_start, starts},  {"\005", carousel_line_finish, ends},
      {"\033[H", carousel_line_start, starts}, {"\033OH", carousel_line_start, starts},
      {"\033[1~", carousel_line_start, starts}, {"\033[F", carousel_line_finish, ends},
      {"\033OF", carousel_line_finish, ends},   {"\033[4~", carousel_line_finish, ends},
      {"\033[?", carousel_swallow_answer, nothing},
      {"\013", carousel_kill_line, kills},    {"\025", carousel_discard_line, discards},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) bind_over(rows[i].keys, rows[i].ours, rows[i].defaults);
}
