#include "record.h"

void put32(unsigned char *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (unsigned char)(value >> (8 * i) & 0xff);
}

void put64(unsigned char *to, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        to[i] = (unsigned char)(value >> (8 * i) & 0xff);
}

uint32_t get32(const unsigned char *from)
{
    uint32_t value = 0;

    for (int i = 3; i >= 0; i--)
        value = value << 8 | from[i];
    return value;
}

uint64_t get64(const unsigned char *from)
{
    uint64_t value = 0;

    for (int i = 7; i >= 0; i--)
        value = value << 8 | from[i];
    return value;
}

uint32_t checksum(const unsigned char *data, size_t size)
{
    uint32_t sum = 2166136261u; /* FNV-1a */

    for (size_t i = 0; i < size; i++)
        sum = (sum ^ data[i]) * 16777619u;
    return sum;
}

uint64_t mix(uint64_t value)
{
    value += 0x9e3779b97f4a7c15u;
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
    value = (value ^ value >> 27) * 0x94d049bb133111ebu;
    return value ^ value >> 31;
}

static unsigned char filler(size_t position, uint64_t seed)
{
    return (unsigned char)((seed + position * 7 + (position >> 8)) & 0xff);
}

void fill(unsigned char *to, size_t size, uint64_t seed)
{
    seed = mix(seed);
    for (size_t i = 0; i < size; i++)
        to[i] = filler(i, seed);
}

bool is_filled(const unsigned char *from, size_t size, uint64_t seed)
{
    seed = mix(seed);
    for (size_t i = 0; i < size; i++)
        if (from[i] != filler(i, seed))
            return false;
    return true;
}

size_t account_max_size(uint64_t value_size)
{
    return ACCOUNT_HEAD + value_size;
}

static uint64_t account_seed(const struct account *account)
{
    return mix(account->number) ^ account->version << 8 ^ account->table;
}

/* The length changes from version to version, so that pages split and records move. */
static size_t padding(const struct account *account, uint64_t value_size, bool fixed)
{
    if (fixed)
        return value_size;
    return value_size / 2 + mix(account_seed(account)) % (value_size - value_size / 2 + 1);
}

size_t account_encode(unsigned char *to, const struct account *account, uint64_t value_size, bool fixed)
{
    size_t size = padding(account, value_size, fixed);

    put64(to, account->number);
    put64(to + 8, (uint64_t)account->balance);
    put64(to + 16, account->version);
    put32(to + 24, account->table);
    put32(to + 28, checksum(to, 28));
    fill(to + ACCOUNT_HEAD, size, account_seed(account));
    return ACCOUNT_HEAD + size;
}

bool account_decode(const unsigned char *from, size_t size, uint64_t value_size, bool fixed, struct account *account)
{
    if (size < ACCOUNT_HEAD || get32(from + 28) != checksum(from, 28))
        return false;
    account->number = get64(from);
    account->balance = (int64_t)get64(from + 8);
    account->version = get64(from + 16);
    account->table = get32(from + 24);
    return size == ACCOUNT_HEAD + padding(account, value_size, fixed) &&
           is_filled(from + ACCOUNT_HEAD, size - ACCOUNT_HEAD, account_seed(account));
}

void transfer_encode(unsigned char *to, const struct transfer *transfer)
{
    put64(to, transfer->thread);
    put64(to + 8, transfer->sequence);
    put32(to + 16, transfer->from_table);
    put32(to + 20, transfer->to_table);
    put64(to + 24, transfer->from);
    put64(to + 32, transfer->to);
    put64(to + 40, (uint64_t)transfer->amount);
    fill(to + 48, 8, transfer->sequence);
    put32(to + 56, checksum(to, 56));
}

bool transfer_decode(const unsigned char *from, size_t size, struct transfer *transfer)
{
    if (size != TRANSFER_SIZE || get32(from + 56) != checksum(from, 56))
        return false;
    transfer->thread = get64(from);
    transfer->sequence = get64(from + 8);
    transfer->from_table = get32(from + 16);
    transfer->to_table = get32(from + 20);
    transfer->from = get64(from + 24);
    transfer->to = get64(from + 32);
    transfer->amount = (int64_t)get64(from + 40);
    return is_filled(from + 48, 8, transfer->sequence);
}

void ack_encode(unsigned char *to, const struct ack *ack)
{
    put64(to, ack->thread);
    put64(to + 8, ack->sequence);
    put64(to + 16, ack->micros);
}

void ack_decode(const unsigned char *from, struct ack *ack)
{
    ack->thread = get64(from);
    ack->sequence = get64(from + 8);
    ack->micros = get64(from + 16);
}
