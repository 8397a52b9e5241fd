/* A program on a terminal of its own, as a person would have it. */
#pragma once

#include <sys/types.h>

/* Starts a program on a new pseudo-terminal and answers the descriptor of our end, or -1. A descriptor for its standard
   input, output or error that is not -1 takes the terminal's place. */
int pseudo_terminal_start(const char *program, char *const arguments[], char *const environment[], int rows,
                          int columns, const int streams[3], pid_t *process);
/* Gives the terminal another size; the program is told by SIGWINCH. */
int pseudo_terminal_resize(int terminal, int rows, int columns);
