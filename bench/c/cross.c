/*
 * The control of rows engine/c and engine/async-shape: the strategy of cross-strategy.ts with everything that a hand-written backtest of it
 * needs, and nothing else. One loop over two columns; state in locals; money in 64-bit integers of 1e-8 USD, so that it ends on the same cent.
 *
 * cross TS_FILE PRICE_FILE ROWS FAST SLOW     then one line "ROWS PASSES" on standard input per round; answers with a line of JSON.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SAMPLE_US 60000000.0
#define MONEY_PER_TICK 1000000LL /* a cent, in 1e-8 USD */
#define FEE_DIVISOR 10000LL      /* 0.01 % */
#define MAINTENANCE_DIVISOR 20LL /* half of a tenth: leverage 10 at the instrument's rates */
#define EQUITY_START 1000000000000000LL /* 10,000,000 USD */

typedef struct {
  int64_t row, side, price, quantity;
} Fill;

static double *ts, *price;
static Fill *fills;
static double *samples;
static int64_t fill_max, sample_max;

typedef struct {
  int64_t fills, samples, equity;
} Outcome;

static double next_due(double at) {
  double steps = (double)(int64_t)(at / SAMPLE_US);
  return steps * SAMPLE_US < at ? (steps + 1) * SAMPLE_US : steps * SAMPLE_US;
}

/* The measured function. Not inlined into its caller, as the engine's is not into ours. */
__attribute__((noinline)) static Outcome run(int64_t rows, int fast_period, int slow_period) {
  const double fast_alpha = 2.0 / (fast_period + 1), fast_rest = 1 - fast_alpha;
  const double slow_alpha = 2.0 / (slow_period + 1), slow_rest = 1 - slow_alpha;
  double fast = price[0] / 100, slow = fast, due = next_due(ts[0]), peak = 0, depth = 0;
  int64_t cash = EQUITY_START, held = 0, fill_count = 0, sample_count = 0;
  int side = 0;
  for (int64_t row = 0; row < rows; row++) {
    if (ts[row] > due) {
      double equity = (double)(cash + held * (int64_t)price[row - 1] * MONEY_PER_TICK) / 1e8;
      if (equity > peak) peak = equity;
      if (peak - equity > depth) depth = peak - equity;
      if (sample_count == sample_max) abort();
      samples[sample_count++] = equity;
      due = next_due(ts[row]);
    }
    const int64_t value_of_one = (int64_t)price[row] * MONEY_PER_TICK;
    const double now = price[row] / 100;
    if (row > 0) {
      fast = fast_alpha * now + fast_rest * fast;
      slow = slow_alpha * now + slow_rest * slow;
    }
    /* A margin account is closed by the venue when its equity falls to the maintenance margin: looked at with every trade. */
    if (held != 0 && cash + held * value_of_one <= value_of_one / MAINTENANCE_DIVISOR) abort();
    if (row < slow_period - 1) continue;
    const int wanted = fast > slow ? 1 : -1;
    if (wanted == side) continue;
    side = wanted;
    /* A market order to the target of one unit, long or short, filled at this trade's price. */
    const int64_t signed_quantity = wanted - held;
    const int64_t value = value_of_one * (signed_quantity < 0 ? -signed_quantity : signed_quantity);
    cash -= signed_quantity * value_of_one + value / FEE_DIVISOR;
    held = wanted;
    if (fill_count == fill_max) abort();
    fills[fill_count++] = (Fill){row, wanted, (int64_t)price[row], signed_quantity < 0 ? -signed_quantity : signed_quantity};
  }
  const int64_t equity = cash + held * (int64_t)price[rows - 1] * MONEY_PER_TICK;
  /* The last state is a sample of its own, in place of one at the same time. */
  samples[sample_count++] = (double)equity / 1e8;
  if (depth < 0) abort();
  return (Outcome){fill_count, sample_count, equity};
}

static uint64_t mix(uint64_t hash, uint64_t word) { return (hash ^ word) * UINT64_C(0x100000001b3); }

static uint64_t checksum(Outcome outcome) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (int64_t at = 0; at < outcome.fills; at++) {
    hash = mix(hash, (uint64_t)fills[at].row);
    hash = mix(hash, (uint64_t)fills[at].side);
    hash = mix(hash, (uint64_t)fills[at].price);
    hash = mix(hash, (uint64_t)fills[at].quantity);
  }
  for (int64_t at = 0; at < outcome.samples; at++) {
    uint64_t bits;
    memcpy(&bits, &samples[at], 8);
    hash = mix(hash, bits);
  }
  return mix(hash, (uint64_t)outcome.equity);
}

static double *column(const char *path, int64_t rows) {
  FILE *file = fopen(path, "rb");
  double *values = malloc((size_t)rows * 8);
  if (file == NULL || values == NULL || fread(values, 8, (size_t)rows, file) != (size_t)rows) {
    fprintf(stderr, "cannot read %" PRId64 " values from %s\n", rows, path);
    exit(1);
  }
  fclose(file);
  return values;
}

static int64_t now_ns(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

int main(int count, char **arguments) {
  if (count != 6) return 2;
  const int64_t rows_max = atoll(arguments[3]);
  const int fast_period = atoi(arguments[4]), slow_period = atoi(arguments[5]);
  ts = column(arguments[1], rows_max);
  price = column(arguments[2], rows_max);
  fill_max = rows_max;
  sample_max = rows_max;
  fills = malloc((size_t)fill_max * sizeof(Fill));
  samples = malloc((size_t)(sample_max + 1) * 8);
  if (fills == NULL || samples == NULL) return 1;
  printf("{\"ready\":true}\n");
  fflush(stdout);
  int64_t rows, passes;
  while (scanf("%" SCNd64 " %" SCNd64, &rows, &passes) == 2) {
    if (rows > rows_max || rows < slow_period || passes < 1) return 2;
    const int64_t since = now_ns();
    Outcome outcome = run(rows, fast_period, slow_period);
    for (int64_t pass = 1; pass < passes; pass++) outcome = run(rows, fast_period, slow_period);
    const double ns = (double)(now_ns() - since) / (double)passes;
    printf("{\"ns\":%.0f,\"fills\":%" PRId64 ",\"samples\":%" PRId64 ",\"equity\":\"%" PRId64 "\",\"checksum\":\"%016" PRIx64 "\"}\n", ns,
           outcome.fills, outcome.samples, outcome.equity, checksum(outcome));
    fflush(stdout);
  }
  return 0;
}
