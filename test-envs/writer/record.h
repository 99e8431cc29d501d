#ifndef BDB_WRITER_RECORD_H
#define BDB_WRITER_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ACCOUNT_HEAD = 32,
    TRANSFER_SIZE = 60,
    ACK_SIZE = 24,
    INITIAL_BALANCE = 1000
};

struct account {
    uint64_t number;
    int64_t balance;
    uint64_t version; /* how many transfers touched it */
    uint32_t table;
};

struct transfer {
    uint64_t thread;
    uint64_t sequence;
    uint32_t from_table;
    uint32_t to_table;
    uint64_t from;
    uint64_t to;
    int64_t amount;
};

struct ack {
    uint64_t thread;
    uint64_t sequence;
    uint64_t micros;
};

void put32(unsigned char *to, uint32_t value);
void put64(unsigned char *to, uint64_t value);
uint32_t get32(const unsigned char *from);
uint64_t get64(const unsigned char *from);
uint32_t checksum(const unsigned char *data, size_t size);
uint64_t mix(uint64_t value);
/* Bytes that depend on a seed alone, so that a reader can recompute them. */
void fill(unsigned char *to, size_t size, uint64_t seed);
bool is_filled(const unsigned char *from, size_t size, uint64_t seed);

size_t account_max_size(uint64_t value_size);
/* Returns the size; records of fixed length always have the largest. */
size_t account_encode(unsigned char *to, const struct account *account, uint64_t value_size, bool fixed);
bool account_decode(const unsigned char *from, size_t size, uint64_t value_size, bool fixed, struct account *account);
void transfer_encode(unsigned char *to, const struct transfer *transfer);
bool transfer_decode(const unsigned char *from, size_t size, struct transfer *transfer);
void ack_encode(unsigned char *to, const struct ack *ack);
void ack_decode(const unsigned char *from, struct ack *ack);

#endif
