#include "bank.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ACCOUNTS_PER_TRANSACTION = 500 };

static struct table *add_table(struct bank *bank, const char *kind, DBTYPE type, uint64_t n, uint64_t accounts)
{
    char file[NAME_SIZE];
    struct table *table = &bank->table[bank->count];

    if (bank->count == MAX_TABLES)
        usage("too many databases", NULL);
    memset(table, 0, sizeof(*table));
    table->type = type;
    table->number = (uint32_t)bank->count++;
    table->accounts = accounts;
    snprintf(file, sizeof(file), "%s-%s-%llu.db", kind, type_name(type), (unsigned long long)n);
    database_name(bank->options, file, table->name, sizeof(table->name));
    snprintf(file, sizeof(file), "%s-%s-%llu-index.db", kind, type_name(type), (unsigned long long)n);
    database_name(bank->options, file, table->index_name, sizeof(table->index_name));
    return table;
}

static void describe(struct bank *bank, DB_ENV *env, const struct options *options)
{
    memset(bank, 0, sizeof(*bank));
    bank->env = env;
    bank->options = options;
    bank->transactional = environment_is_transactional(env);
    for (uint64_t n = 0; n < options->databases; n++)
        for (size_t i = 0; i < options->type_count; i++)
            add_table(bank, "accounts", options->type[i], n, options->accounts);
    bank->shared = bank->count;
    for (size_t i = 0; i < options->type_count; i++)
        add_table(bank, "apart", options->type[i], 0, options->accounts / 4 + 2)->apart = true;
}

bool bank_is_fixed(const struct table *table)
{
    /* libdb 5.3 panics ("Incorrect record size in header") when records of a heap change size often. */
    return table->type == DB_QUEUE || table->type == DB_HEAP;
}

size_t bank_key(const struct table *table, uint64_t account, unsigned char *key)
{
    db_recno_t record = (db_recno_t)(account + 1);

    switch (table->type) {
    case DB_RECNO:
    case DB_QUEUE:
        memcpy(key, &record, sizeof(record));
        return sizeof(record);
    case DB_HEAP:
        memcpy(key, &table->rids[account], sizeof(DB_HEAP_RID));
        return DB_HEAP_RID_SZ;
    default:
        return (size_t)snprintf((char *)key, KEY_SIZE, "a%010llu", (unsigned long long)account);
    }
}

int bank_read(struct bank *bank, struct table *table, DB_TXN *txn, uint64_t number, struct account *account)
{
    unsigned char key_bytes[KEY_SIZE];
    size_t size = account_max_size(bank->options->value_size);
    unsigned char *bytes = malloc(size);
    DBT key = dbt(key_bytes, bank_key(table, number, key_bytes));
    DBT value = dbt(bytes, size);
    int ret;

    if (bytes == NULL)
        usage("out of memory", NULL);
    ret = table->db->get(table->db, txn, &key, &value, txn != NULL ? DB_RMW : 0);
    if (ret == 0 && (!account_decode(bytes, value.size, bank->options->value_size, bank_is_fixed(table), account) ||
                     account->number != number || account->table != table->number)) {
        fprintf(stderr, "bdb-writer: %s: account %llu is damaged\n", table->name, (unsigned long long)number);
        ret = EXIT_CHECK;
    }
    free(bytes);
    return ret;
}

int bank_write(struct bank *bank, struct table *table, DB_TXN *txn, const struct account *account)
{
    unsigned char key_bytes[KEY_SIZE];
    unsigned char *bytes = malloc(account_max_size(bank->options->value_size));
    DBT key = dbt(key_bytes, bank_key(table, account->number, key_bytes));
    DBT value;
    int ret;

    if (bytes == NULL)
        usage("out of memory", NULL);
    value = dbt(bytes, account_encode(bytes, account, bank->options->value_size, bank_is_fixed(table)));
    ret = table->db->put(table->db, txn, &key, &value, 0);
    free(bytes);
    return ret;
}

/* A heap chooses the record's place itself; the index remembers it. */
static int append_to_heap(struct bank *bank, struct table *table, DB *index, DB_TXN *txn,
                          const struct account *account)
{
    unsigned char *bytes = malloc(account_max_size(bank->options->value_size));
    uint32_t number = (uint32_t)account->number;
    unsigned char index_bytes[8];
    DB_HEAP_RID rid;
    DBT key = dbt(&rid, DB_HEAP_RID_SZ);
    DBT index_key = dbt(index_bytes, 4);
    DBT value;
    int ret;

    if (bytes == NULL)
        usage("out of memory", NULL);
    memset(&rid, 0, sizeof(rid));
    put32(index_bytes, number);
    value = dbt(bytes, account_encode(bytes, account, bank->options->value_size, bank_is_fixed(table)));
    ret = table->db->put(table->db, txn, &key, &value, DB_APPEND);
    if (ret == 0)
        ret = index->put(index, txn, &index_key, &key, 0);
    free(bytes);
    return ret;
}

static void fill_table(struct bank *bank, struct table *table, DB *index)
{
    DB_TXN *txn = NULL;

    for (uint64_t number = 0; number < table->accounts; number++) {
        struct account account = {number, INITIAL_BALANCE, 0, table->number};

        if (bank->transactional && txn == NULL)
            must(bank->env->txn_begin(bank->env, NULL, &txn, DB_TXN_NOSYNC), "txn_begin");
        if (table->type == DB_HEAP)
            must(append_to_heap(bank, table, index, txn, &account), table->name);
        else
            must(bank_write(bank, table, txn, &account), table->name);
        if (txn != NULL && (number % ACCOUNTS_PER_TRANSACTION == ACCOUNTS_PER_TRANSACTION - 1 ||
                            number + 1 == table->accounts)) {
            must(txn->commit(txn, 0), "commit");
            txn = NULL;
        }
    }
}

static DB *open_table(struct bank *bank, struct table *table, const char *name, DBTYPE type, bool create,
                      bool read_only)
{
    struct making making = {.type = type,
                            .record_length = (uint32_t)account_max_size(bank->options->value_size),
                            .spread = table->number,
                            .create = create,
                            .read_only = read_only};

    return database_must_open(bank->env, bank->options, name, &making);
}

void bank_create(struct bank *bank, DB_ENV *env, const struct options *options)
{
    describe(bank, env, options);
    for (size_t i = 0; i < bank->count; i++) {
        struct table *table = &bank->table[i];
        DB *index = NULL;

        table->db = open_table(bank, table, table->name, table->type, true, false);
        if (table->type == DB_HEAP)
            index = open_table(bank, table, table->index_name, DB_BTREE, true, false);
        fill_table(bank, table, index);
        if (index != NULL)
            must(index->close(index, 0), "closing a database");
    }
}

static void load_index(struct bank *bank, struct table *table)
{
    DB *index = open_table(bank, table, table->index_name, DB_BTREE, false, true);

    table->rids = calloc(table->accounts, sizeof(DB_HEAP_RID));
    if (table->rids == NULL)
        usage("out of memory", NULL);
    for (uint64_t number = 0; number < table->accounts; number++) {
        unsigned char bytes[4];
        DBT key = dbt(bytes, sizeof(bytes));
        DBT value = dbt(&table->rids[number], DB_HEAP_RID_SZ);

        put32(bytes, (uint32_t)number);
        must(index->get(index, NULL, &key, &value, 0), table->index_name);
    }
    must(index->close(index, 0), "closing a database");
}

void bank_open(struct bank *bank, DB_ENV *env, const struct options *options, bool read_only)
{
    describe(bank, env, options);
    for (size_t i = 0; i < bank->count; i++) {
        struct table *table = &bank->table[i];

        table->db = open_table(bank, table, table->name, table->type, false, read_only);
        if (table->type == DB_HEAP)
            load_index(bank, table);
    }
}

void bank_close(struct bank *bank)
{
    for (size_t i = 0; i < bank->count; i++) {
        must(bank->table[i].db->close(bank->table[i].db, 0), "closing a database");
        free(bank->table[i].rids);
    }
}
