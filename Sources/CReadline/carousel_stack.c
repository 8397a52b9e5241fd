/* A thread with a stack large enough for deep recursion in an evaluator whose depth is bounded. */
#include "carousel_internal.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct {
  void (*body)(void *);
  void *context;
  sigset_t mask;
} task;

static void *run(void *argument) {
  task *given = argument;
  /* A stack of its own for the handlers: after a stack overflow there is no other. */
  enum { size = 64 * 1024 };
  void *memory = malloc(size);
  if (memory) {
    stack_t stack = {.ss_sp = memory, .ss_size = size};
    sigaltstack(&stack, NULL);
  }
  pthread_sigmask(SIG_SETMASK, &given->mask, NULL);
  given->body(given->context);
  stack_t none = {.ss_flags = SS_DISABLE};
  sigaltstack(&none, NULL);
  free(memory);
  return NULL;
}

int carousel_run_on_large_stack(size_t most, size_t least, void (*body)(void *), void *context) {
  task given = {.body = body, .context = context};
  sigset_t all;
  sigfillset(&all);
  /* The waiting thread takes no signal; the new one starts deaf, too, and then listens as this one did. */
  pthread_sigmask(SIG_SETMASK, &all, &given.mask);
  int answer = -1;
  for (size_t size = most; size >= least && answer != 0; size /= 2) {
    pthread_attr_t attributes;
    pthread_t thread;
    if (pthread_attr_init(&attributes) != 0) break;
    if (pthread_attr_setstacksize(&attributes, size) == 0 && pthread_create(&thread, &attributes, run, &given) == 0) {
      pthread_join(thread, NULL);
      answer = 0;
    }
    pthread_attr_destroy(&attributes);
  }
  pthread_sigmask(SIG_SETMASK, &given.mask, NULL);
  return answer;
}
