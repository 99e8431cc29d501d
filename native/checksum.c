/*
 * libdb's checksum of log records and pages, the same value in less time. A recovery reads the needed log three times
 * and checks each record each time; libdb hashes byte by byte, which takes a third of a long replay.
 *
 * libdb calls its exported __ham_func4 through its table of symbols, and finds this one first where the shim is what
 * has brought libdb into the process. Where it is not, libdb goes on using its own.
 */
#include "shim.h"

#include <string.h>

enum { WORD = 8 };

#define FACTOR UINT32_C(33)
#define FACTOR_2 (FACTOR * FACTOR)
#define FACTOR_4 (FACTOR_2 * FACTOR_2)
#define FACTOR_8 (FACTOR_4 * FACTOR_4)
#define FACTOR_16 (FACTOR_8 * FACTOR_8)

/* The sum of bytes[i] * 33^(7 - i): neighbours are put together first in 16 bits, then in 32, each with room left. */
static uint32_t hash_word(const unsigned char *bytes) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  const uint64_t each_byte = UINT64_C(0x00ff00ff00ff00ff);
  const uint64_t each_pair = UINT64_C(0x0000ffff0000ffff);
  uint64_t word;
  memcpy(&word, bytes, sizeof(word));
  word = (word & each_byte) * FACTOR + ((word >> 8) & each_byte);
  word = (word & each_pair) * FACTOR_2 + ((word >> 16) & each_pair);
  return (uint32_t)word * FACTOR_4 + (uint32_t)(word >> 32);
#else
  uint32_t hash = 0;
  for (int i = 0; i < WORD; i++) {
    hash = hash * FACTOR + bytes[i];
  }
  return hash;
#endif
}

u_int32_t __ham_func4(DB *db, const void *key, u_int32_t size) {
  const unsigned char *bytes = key;
  uint32_t hash = 0;
  (void)db;
  for (; size >= 2 * WORD; size -= 2 * WORD, bytes += 2 * WORD) {
    hash = hash * FACTOR_16 + hash_word(bytes) * FACTOR_8 + hash_word(bytes + WORD);
  }
  for (; size > 0; size--) {
    hash = hash * FACTOR + *bytes++;
  }
  return hash;
}
