/*
 * The control of the rows journal/c and journal/commit: writes the bytes of a journal (src/adapters/journal/format.ts, one segment) with the same checksums
 * (CRC-32C, eight tables, as ours), the same hash (SHA-256 of libcrypto, which Node carries as well) and one pwrite and one fdatasync per batch.
 *
 * journal FILE SEGMENT_BYTES BATCH WAY      then one line "ROWS PASSES" on standard input per round; answers with a line of JSON.
 * WAY `whole`: time of encoding and committing all rows. WAY `raw`: median time of pwrite and fdatasync alone, of bytes that were encoded before.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SEGMENT_HEADER 96
#define BATCH_HEADER 56
#define RECORD_HEAD 24
#define PAYLOAD 40
#define RECORD (RECORD_HEAD + PAYLOAD)

typedef unsigned char *(*Sha256)(const unsigned char *, size_t, unsigned char *);

static uint32_t tables[8][256];
static Sha256 sha256;
static int64_t segment_bytes, batch_rows;
static uint8_t id[16], *buffer;
static uint32_t seed;

static void make_tables(void) {
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0x82f63b78u & -(crc & 1u));
    tables[0][byte] = crc;
  }
  for (int slice = 1; slice < 8; slice++)
    for (int byte = 0; byte < 256; byte++) tables[slice][byte] = (tables[slice - 1][byte] >> 8) ^ tables[0][tables[slice - 1][byte] & 0xff];
}

static inline uint32_t fold(const uint8_t *bytes, int64_t length, uint32_t crc) {
  int64_t at = 0;
  for (; at + 8 <= length; at += 8) {
    uint32_t low, high;
    memcpy(&low, bytes + at, 4);
    memcpy(&high, bytes + at + 4, 4);
    low ^= crc;
    crc = tables[7][low & 0xff] ^ tables[6][(low >> 8) & 0xff] ^ tables[5][(low >> 16) & 0xff] ^ tables[4][low >> 24] ^ tables[3][high & 0xff] ^
          tables[2][(high >> 8) & 0xff] ^ tables[1][(high >> 16) & 0xff] ^ tables[0][high >> 24];
  }
  for (; at < length; at++) crc = (crc >> 8) ^ tables[0][(crc ^ bytes[at]) & 0xff];
  return crc;
}

static uint32_t checksum(const uint8_t *bytes, int64_t length, uint32_t before) { return ~fold(bytes, length, ~before); }
static void put32(uint8_t *at, uint32_t value) { memcpy(at, &value, 4); }
static void put64(uint8_t *at, uint64_t value) { memcpy(at, &value, 8); }

static int64_t now_ns(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

static void write_whole(int file, const uint8_t *bytes, int64_t length, int64_t position) {
  for (int64_t done = 0; done < length;) {
    const ssize_t taken = pwrite(file, bytes + done, (size_t)(length - done), (off_t)(position + done));
    if (taken <= 0) abort();
    done += taken;
  }
}

/* The file as ours begins: a header, and zeros that are really written. */
static int make_segment(const char *name) {
  unlink(name);
  const int file = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
  if (file < 0) abort();
  uint8_t *zeros = calloc(1, 1 << 20);
  for (int64_t at = 0; at < segment_bytes; at += 1 << 20) write_whole(file, zeros, segment_bytes - at < 1 << 20 ? segment_bytes - at : 1 << 20, at);
  free(zeros);
  uint8_t header[SEGMENT_HEADER] = "QHJRNL\r\n";
  header[12] = 1;
  header[14] = SEGMENT_HEADER;
  put32(header + 16, (uint32_t)segment_bytes);
  put64(header + 24, 1);
  memcpy(header + 32, id, 16);
  put32(header + 8, checksum(header + 12, SEGMENT_HEADER - 12, 0));
  write_whole(file, header, SEGMENT_HEADER, 0);
  fsync(file);
  return file;
}

__attribute__((noinline)) static int64_t append(int64_t length, int64_t sequence, uint8_t kind, int64_t ts, const uint8_t *payload, int64_t bytes) {
  uint8_t *record = buffer + length;
  put32(record, 0);
  put32(record + 4, (uint32_t)kind << 24 | (uint32_t)bytes);
  put64(record + 8, (uint64_t)sequence);
  put64(record + 16, (uint64_t)ts);
  const int64_t padded = (bytes + 7) & ~(int64_t)7;
  if (padded != bytes) put64(record + RECORD_HEAD + padded - 8, 0);
  memcpy(record + RECORD_HEAD, payload, (size_t)bytes);
  put32(record, ~fold(record, RECORD_HEAD + padded, ~seed));
  return length + RECORD_HEAD + padded;
}

static void seal(int64_t length, int64_t first, uint32_t count, int64_t position, const uint8_t *hash) {
  put32(buffer, (uint32_t)length);
  put32(buffer + 4, 0);
  put64(buffer + 8, (uint64_t)first);
  put32(buffer + 16, count);
  put32(buffer + 20, (uint32_t)position);
  memcpy(buffer + 24, hash, 32);
  put32(buffer + 4, checksum(buffer, BATCH_HEADER, seed));
}

static int by_size(const void *a, const void *b) {
  const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

/* All rows in batches; the time of each commit goes to `times`. Returns the end of what was written. */
static int64_t run(int file, int64_t rows, int64_t *times) {
  uint8_t payload[PAYLOAD], hash[32] = {0};
  for (int at = 0; at < PAYLOAD; at++) payload[at] = (uint8_t)(at * 7);
  int64_t position = SEGMENT_HEADER, sequence = 1, batches = 0;
  while (sequence <= rows) {
    const int64_t first = sequence;
    int64_t length = BATCH_HEADER;
    for (int64_t row = 0; row < batch_rows && sequence <= rows; row++, sequence++) {
      payload[0] = (uint8_t)sequence;
      length = append(length, sequence, (uint8_t)(1 + (sequence & 7)), 1700000000000000 + sequence, payload, PAYLOAD);
    }
    seal(length, first, (uint32_t)(sequence - first), position, hash);
    const int64_t since = now_ns();
    write_whole(file, buffer, length, position);
    if (fdatasync(file) != 0) abort();
    times[batches++] = now_ns() - since;
    sha256(buffer, (size_t)length, hash);
    position += length;
  }
  return position;
}

static void print_hash(const char *name, int64_t length) {
  uint8_t hash[32], *bytes = malloc((size_t)length);
  const int file = open(name, O_RDONLY);
  if (bytes == NULL || pread(file, bytes, (size_t)length, 0) != length) abort();
  close(file);
  sha256(bytes, (size_t)length, hash);
  free(bytes);
  for (int at = 0; at < 32; at++) printf("%02x", hash[at]);
}

int main(int count, char **arguments) {
  if (count != 5) return 2;
  segment_bytes = atoll(arguments[2]);
  batch_rows = atoll(arguments[3]);
  const int is_raw = strcmp(arguments[4], "raw") == 0;
  void *library = dlopen("libcrypto.so.3", RTLD_NOW);
  if (library == NULL) library = dlopen("libcrypto.so.1.1", RTLD_NOW);
  if (library == NULL) {
    printf("{\"ready\":false}\n");
    return 0;
  }
  *(void **)&sha256 = dlsym(library, "SHA256");
  make_tables();
  for (int at = 0; at < 16; at++) id[at] = (uint8_t)(at + 1);
  seed = checksum(id, 16, 0);
  buffer = malloc((size_t)(BATCH_HEADER + batch_rows * RECORD));
  printf("{\"ready\":true}\n");
  fflush(stdout);
  int64_t rows, passes;
  while (scanf("%" SCNd64 " %" SCNd64, &rows, &passes) == 2) {
    int64_t *times = malloc(sizeof(int64_t) * (size_t)(rows / batch_rows + 1));
    const int file = make_segment(arguments[1]);
    const int64_t since = now_ns();
    const int64_t end = run(file, rows, times);
    const int64_t took = now_ns() - since;
    close(file);
    const int64_t batches = (rows + batch_rows - 1) / batch_rows;
    qsort(times, (size_t)batches, sizeof(int64_t), by_size);
    printf("{\"ns\":%" PRId64 ",\"checksum\":\"", is_raw ? times[batches / 2] : took);
    print_hash(arguments[1], end);
    printf("\"}\n");
    fflush(stdout);
    free(times);
  }
  return 0;
}
