#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kinds.h"

uint64_t mix(uint64_t n, uint64_t salt)
{
    uint64_t z = n * 0x9e3779b97f4a7c15ULL + salt * 0xd1b54a32d192ed03ULL;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

DBT key_of(struct text *text, uint64_t number)
{
    int length = snprintf(text->bytes, TEXT_SIZE, "record number %010llu", (unsigned long long)number);
    DBT dbt;

    memset(&dbt, 0, sizeof(dbt));
    dbt.data = text->bytes;
    dbt.size = (uint32_t)length;
    return dbt;
}

DBT number_of(db_recno_t *number)
{
    DBT dbt;

    memset(&dbt, 0, sizeof(dbt));
    dbt.data = number;
    dbt.size = sizeof(*number);
    dbt.ulen = sizeof(*number);
    dbt.flags = DB_DBT_USERMEM;
    return dbt;
}

DBT value_of(uint64_t n, size_t size)
{
    static unsigned char *bytes;
    static size_t capacity;
    DBT dbt;

    if (size < sizeof(n))
        size = sizeof(n);
    if (size + sizeof(n) > capacity) {
        capacity = size + sizeof(n);
        bytes = realloc(bytes, capacity);
        if (bytes == NULL)
            usage("out of memory", NULL);
    }
    for (size_t at = 0; at < size; at += sizeof(n)) {
        uint64_t word = at == 0 ? n : mix(n, at);

        memcpy(bytes + at, &word, sizeof(word));
    }
    memset(&dbt, 0, sizeof(dbt));
    dbt.data = bytes;
    dbt.size = (uint32_t)size;
    return dbt;
}

int put_record(DB *db, DB_TXN *txn, uint64_t key, uint64_t n, size_t size)
{
    struct text text;
    DBT key_dbt = key_of(&text, key);
    DBT value = value_of(n, size);

    return db->put(db, txn, &key_dbt, &value, 0);
}

int delete_record(DB *db, DB_TXN *txn, uint64_t key)
{
    struct text text;
    DBT key_dbt = key_of(&text, key);
    int ret = db->del(db, txn, &key_dbt, 0);

    return ret == DB_NOTFOUND ? 0 : ret;
}

int usual_step(DB *db, DB_TXN *txn, uint64_t n, uint64_t keys, size_t max_size)
{
    int ret = put_record(db, txn, mix(n, 1) % keys, n, mix(n, 2) % max_size);

    if (ret == 0 && mix(n, 3) % 4 == 0)
        ret = delete_record(db, txn, mix(n, 4) % keys);
    return ret;
}
