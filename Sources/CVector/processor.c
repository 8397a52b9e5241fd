// Compiled without the kernels' flags: it must run on any processor.
#include "processor.h"

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

bool cvector_processor_has_level(int level) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  bool third = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
               __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
  if (level < 4) return third;
  return third && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
#else
  (void)level;
  return true;
#endif
}

bool cvector_enable_tiles(void) {
#if defined(__x86_64__) && defined(__linux__)
  const char *wish = getenv("CAROUSEL_TILES");
  if (wish && strcmp(wish, "off") == 0) return false;
  // Leaf 7: bit 22 of edx is AMX-BF16, bit 24 AMX-TILE.
  unsigned a, b, c, d;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return false;
  if (!(d & (1u << 22)) || !(d & (1u << 24))) return false;
  // Eight kilobytes more to save at every switch of threads: Linux gives them to who asks (ARCH_REQ_XCOMP_PERM, the
  // state of the tiles), and refuses where it can't.
  enum { request = 0x1023, tiles = 18 };
  return syscall(SYS_arch_prctl, request, tiles) == 0;
#else
  return false;
#endif
}
