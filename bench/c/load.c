/*
 * The control of row load/c: reads the column files of a data set of trades with pread, the same rows per block and the same order of columns as
 * our reader, into buffers that it uses again, and touches the same data: the sum of all prices, in order.
 *
 * load ROWS BLOCK_ROWS PRICE_COLUMN (WIDTH FILE)...     then one line "ROWS PASSES" on standard input per round; answers with a line of JSON.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define COLUMNS_MAX 8

static int descriptors[COLUMNS_MAX];
static int64_t widths[COLUMNS_MAX];
static char *buffers[COLUMNS_MAX];
static int column_count, price_column;
static int64_t block_rows;

__attribute__((noinline)) static double sum_of(const double *values, int64_t rows, double sum) {
  for (int64_t row = 0; row < rows; row++) sum += values[row];
  return sum;
}

__attribute__((noinline)) static double run(int64_t rows) {
  double sum = 0;
  for (int64_t row = 0; row < rows; row += block_rows) {
    const int64_t here = rows - row < block_rows ? rows - row : block_rows;
    for (int at = 0; at < column_count; at++) {
      const int64_t bytes = here * widths[at];
      if (pread(descriptors[at], buffers[at], (size_t)bytes, (off_t)(row * widths[at])) != bytes) abort();
    }
    sum = sum_of((const double *)buffers[price_column], here, sum);
  }
  return sum;
}

static int64_t now_ns(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

int main(int count, char **arguments) {
  if (count < 6) return 2;
  const int64_t rows_max = atoll(arguments[1]);
  block_rows = atoll(arguments[2]);
  price_column = atoi(arguments[3]);
  for (int at = 4; at + 1 < count && column_count < COLUMNS_MAX; at += 2, column_count++) {
    widths[column_count] = atoll(arguments[at]);
    descriptors[column_count] = open(arguments[at + 1], O_RDONLY);
    buffers[column_count] = malloc((size_t)(block_rows * widths[column_count]));
    if (descriptors[column_count] < 0 || buffers[column_count] == NULL) return 1;
  }
  printf("{\"ready\":true}\n");
  fflush(stdout);
  int64_t rows, passes;
  while (scanf("%" SCNd64 " %" SCNd64, &rows, &passes) == 2) {
    if (rows > rows_max || passes < 1) return 2;
    const int64_t since = now_ns();
    double sum = 0;
    for (int64_t pass = 0; pass < passes; pass++) sum = run(rows);
    printf("{\"ns\":%.0f,\"checksum\":\"%.17g\"}\n", (double)(now_ns() - since) / (double)passes, sum);
    fflush(stdout);
  }
  return 0;
}
