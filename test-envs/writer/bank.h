#ifndef BDB_WRITER_BANK_H
#define BDB_WRITER_BANK_H

#include "database.h"
#include "record.h"

enum { MAX_TABLES = 48, KEY_SIZE = 16 };

struct table {
    char name[NAME_SIZE];
    char index_name[NAME_SIZE]; /* of a heap: account to record identifier */
    DBTYPE type;
    uint32_t number;
    uint64_t accounts;
    bool apart; /* for long transactions, which would otherwise hold up all others */
    DB *db;
    DB_HEAP_RID *rids;
};

struct bank {
    DB_ENV *env;
    const struct options *options;
    bool transactional;
    struct table table[MAX_TABLES];
    size_t count;
    size_t shared; /* the tables that are not apart come first */
};

void bank_create(struct bank *bank, DB_ENV *env, const struct options *options);
void bank_open(struct bank *bank, DB_ENV *env, const struct options *options, bool read_only);
void bank_close(struct bank *bank);

/* The key of an account; memory of KEY_SIZE bytes. Returns its size. */
size_t bank_key(const struct table *table, uint64_t account, unsigned char *key);
bool bank_is_fixed(const struct table *table);
int bank_read(struct bank *bank, struct table *table, DB_TXN *txn, uint64_t number, struct account *account);
int bank_write(struct bank *bank, struct table *table, DB_TXN *txn, const struct account *account);

#endif
