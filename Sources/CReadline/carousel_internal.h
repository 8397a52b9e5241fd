/* Shared by the files of this shim; Swift does not see it. */
#pragma once

#include <signal.h>
#include <stdio.h>
#include <termios.h>

#include "carousel_readline.h"

/* carousel_signals.c: while a line is edited the signals below wait, except inside pselect with `carousel_unblocked`. */
extern volatile sig_atomic_t carousel_was_interrupted, carousel_was_resized, carousel_was_stopped;
void carousel_editing_begin(int output, sigset_t *unblocked);
void carousel_editing_terminal_is_ready(int bracketed_paste);
void carousel_editing_end(void);
void carousel_stop_now(void);

/* carousel_line.c */
extern carousel_line_callbacks carousel_callbacks;
/* The next byte from the terminal: first what was pushed back. -1 at the end; waits at most `milliseconds` if >= 0. */
int carousel_next_byte(int milliseconds);
/* Gives bytes back, to be read again before anything else. */
void carousel_push_back(const char *bytes, size_t count);
/* 1 if more bytes have come already: somebody pastes, or a program types. */
int carousel_has_waiting_input(void);
/* Ends the line that is being edited with a paste. Takes the text over. */
void carousel_finish_with_paste(char *pasted);
/* Ctrl-X Ctrl-E */
int carousel_edit(int count, int key);

/* The terminal hands bytes over as they come and shows none, until the end; 0 if it is none. */
int carousel_raw_begin(int shown_on, struct termios *before, struct termios *raw);
void carousel_raw_end(const struct termios *before);

/* carousel_block.c: several lines in one buffer, each behind its prompt. */
void carousel_redisplay(void);
void carousel_redraw_after_resize(void);
int carousel_enter(int count, int key);
int carousel_insert_newline(int count, int key);
int carousel_up(int count, int key);
int carousel_down(int count, int key);
int carousel_close_brace(int count, int key);
int carousel_line_start(int count, int key);
int carousel_line_finish(int count, int key);
int carousel_kill_line(int count, int key);
int carousel_discard_line(int count, int key);

/* carousel_keys.c */
void carousel_bind_keys(void);

/* carousel_question.c */
int carousel_swallow_answer(int count, int key);

/* carousel_completion.c */
int carousel_tab(int count, int key);

/* carousel_paste.c */
int carousel_paste(int count, int key);
