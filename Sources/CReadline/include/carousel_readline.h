/* What Swift sees of the terminal: signals as flags, a thread with a large stack, and one call that reads a line
   or a block. No rl_* name is seen outside this target. See README.md. */
#pragma once

#include <stddef.h>
#include <stdio.h>

/* Signals (carousel_signals.c) */

/* Installs all handlers; once, at the start, on the main thread. */
void carousel_signals_install(void);
/* 1 if Ctrl-C was pressed since the last clear. Cheap enough to ask in an inner loop, from any thread. */
int carousel_interrupt_pending(void);
void carousel_interrupt_clear(void);
/* Puts the terminal back as it was before editing; does nothing if it is so already. Safe in a signal handler. */
void carousel_terminal_restore(void);

/* Threads (carousel_stack.c) */

/* Runs `body` on a thread with at least `least` and at most `most` bytes of stack, committed only as they are used,
   and waits for it. All signals are taken by that thread. Answers 0, or -1 if no thread could be made. */
int carousel_run_on_large_stack(size_t most, size_t least, void (*body)(void *), void *context);

/* Lines (carousel_line.c) */

/* What the shim asks of its owner while a line is edited. Texts that are answered are malloc'ed; the shim frees them. */
typedef struct {
  void *context;
  /* The text to insert at `point` when Enter is pressed ("\n" and an indentation), or NULL if the text is to be run. */
  char *(*newline)(void *context, const char *text, int point);
  /* Completes what stands before `point`: answers the text that replaces `*start` ..< `point`, or NULL. `*listing` is
     what to show below the line, or NULL. `repeated` if Tab was pressed twice. */
  char *(*complete)(void *context, const char *text, int point, int repeated, int *start, char **listing);
} carousel_line_callbacks;

typedef enum {
  carousel_line_text,        /* Enter: `text` */
  carousel_line_pasted,      /* several lines were pasted: `text` before them, `pasted`, `rest` behind them */
  carousel_line_edit,        /* Ctrl-X Ctrl-E: `text` goes to the person's own editor */
  carousel_line_interrupted, /* Ctrl-C: `text` is what was dropped */
  carousel_line_end          /* Ctrl-D on an empty line, or the terminal is gone */
} carousel_line_kind;

typedef struct {
  carousel_line_kind kind;
  char *text, *pasted, *rest; /* never NULL, malloc'ed */
} carousel_line_result;

/* Prepares line editing on standard input; `output` is where the line is shown (1 or 2). */
void carousel_line_open(const char *program, int output, carousel_line_callbacks callbacks);
/* Called once before the first line is waited for, after the prompt is shown: the place to load a history. */
void carousel_line_on_first_wait(void (*prepare)(void *context));
/* Shows `prompt` (colours between \001 and \002), with `initial` as the text to edit, and waits for one of the above. */
carousel_line_result carousel_line_read(const char *prompt, const char *initial);
void carousel_line_result_free(carousel_line_result result);

enum { carousel_key_none = -2 };
/* Waits for one key, at most `milliseconds`, for ever if < 0, and writes its bytes, at most `size`: how many there are,
   0 at the end of the input, -1 for Ctrl-C, carousel_key_none if none came. */
int carousel_key_read(int shown_on, char *key, int size, int milliseconds);

/* Writes a question to the terminal, waits for answers of the form ESC [ ? ... up to one that ends with `c`, at most
   `milliseconds`, and writes what stands behind each ESC [ ?, a line each, into `answer`. What was typed meanwhile is
   read later. Answers 1 if the one that ends with `c` came. */
int carousel_terminal_ask(int shown_on, const char *question, char *answer, int size, int milliseconds);

/* What Up, Ctrl-R and the others search; only in memory: the file is the owner's affair. */
void carousel_history_add(const char *entry);
