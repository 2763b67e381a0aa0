/*
 * The control beside row tick-to-fill: what the machine itself does to a program that only looks at the clock. It waits for one instant after another,
 * 100,000 a second, and notes how late it saw every tenth.
 *
 * clock-spin    then one line "EVENTS PASSES" on standard input per round; answers with a line of JSON, microseconds.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PACE_NS 10000
#define EVERY 10

static int64_t now_ns(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

static int rising(const void *a, const void *b) {
  const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return x < y ? -1 : x > y;
}

static double at_share(const int64_t *late, int64_t count, double share) { return (double)late[(int64_t)((double)(count - 1) * share)] / 1000; }

int main(void) {
  printf("{\"ready\":true}\n");
  fflush(stdout);
  int64_t events, passes;
  while (scanf("%" SCNd64 " %" SCNd64, &events, &passes) == 2) {
    if (events < EVERY || passes != 1) return 2;
    const int64_t count = events / EVERY;
    int64_t *late = malloc((size_t)count * sizeof *late);
    if (late == NULL) return 1;
    const int64_t start = now_ns() + PACE_NS;
    for (int64_t event = 0; event < count * EVERY; event++) {
      const int64_t due = start + event * PACE_NS;
      int64_t seen = now_ns();
      while (seen < due) seen = now_ns();
      if (event % EVERY == EVERY - 1) late[event / EVERY] = seen - due;
    }
    const double ns = (double)(now_ns() - start);
    qsort(late, (size_t)count, sizeof *late, rising);
    printf("{\"ns\":%.0f,\"checksum\":\"\",\"p50\":%.3f,\"p99\":%.3f,\"p999\":%.3f}\n", ns, at_share(late, count, 0.5), at_share(late, count, 0.99),
           at_share(late, count, 0.999));
    fflush(stdout);
    free(late);
  }
  return 0;
}
