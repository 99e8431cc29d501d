#include <stdio.h>
#include <string.h>

#include "database.h"
#include "modes.h"
#include "record.h"

enum { BULK_KEY = 16, BULK_VALUE = 100 };

/* Big-endian, so that the records of a mark follow each other. */
static void key_of(uint64_t mark, uint64_t number, unsigned char *key)
{
    for (int i = 0; i < 8; i++) {
        key[i] = (unsigned char)(mark >> (56 - 8 * i) & 0xff);
        key[8 + i] = (unsigned char)(number >> (56 - 8 * i) & 0xff);
    }
}

static const char *needed_name(const struct options *options, char *name)
{
    if (options->db == NULL)
        usage("--db is needed", NULL);
    database_name(options, options->db, name, NAME_SIZE);
    return name;
}

int mode_bulk(const struct options *options)
{
    struct making making = {.type = DB_BTREE, .create = true};
    unsigned char key_bytes[BULK_KEY];
    unsigned char bytes[BULK_VALUE];
    char name[NAME_SIZE];
    DB_ENV *env = environment_open(options, OPEN_APPLICATION);
    DB *db = database_must_open(env, options, needed_name(options, name), &making);
    DB_TXN *txn = NULL;
    int ret = 0;

    do {
        must(env->txn_begin(env, NULL, &txn, DB_TXN_BULK), "txn_begin");
        for (uint64_t i = 0; i < options->records; i++) {
            DBT key = dbt(key_bytes, sizeof(key_bytes));
            DBT value = dbt(bytes, sizeof(bytes));

            key_of(options->mark, i, key_bytes);
            fill(bytes, sizeof(bytes), options->mark << 32 ^ i);
            ret = db->put(db, txn, &key, &value, 0);
            if (ret != 0)
                break;
        }
        if (ret == 0)
            must(txn->commit(txn, 0), "commit");
        else
            must(txn->abort(txn), "abort");
    } while (is_deadlock(ret));
    must(ret, name);
    must(db->close(db, 0), "closing a database");
    environment_close(env);
    printf("{\"ok\":true,\"records\":%llu}\n", (unsigned long long)options->records);
    return 0;
}

static int failed(const char *name, const char *why, uint64_t number)
{
    fprintf(stderr, "bdb-writer: check failed: %s: %s at record %llu\n", name, why, (unsigned long long)number);
    return EXIT_CHECK;
}

int mode_bulk_check(const struct options *options)
{
    struct making making = {.type = DB_BTREE, .read_only = true};
    unsigned char wanted[BULK_KEY];
    unsigned char key_bytes[BULK_KEY];
    unsigned char bytes[BULK_VALUE];
    char name[NAME_SIZE];
    DBT key = dbt(key_bytes, sizeof(key_bytes));
    DBT value = dbt(bytes, sizeof(bytes));
    DB_ENV *env = environment_open(options, options->live            ? OPEN_JOIN
                                            : options->recover_fatal ? OPEN_RECOVER_FATAL_PRIVATE
                                            : options->recover       ? OPEN_RECOVER_PRIVATE
                                                                     : OPEN_FILES);
    DB *db = database_must_open(env, options, needed_name(options, name), &making);
    uint64_t number = 0;
    int status = 0;
    DBC *cursor;
    int ret;

    must(db->cursor(db, NULL, &cursor, 0), "cursor");
    key_of(options->mark, 0, key_bytes);
    key.size = BULK_KEY;
    ret = cursor->get(cursor, &key, &value, DB_SET_RANGE);
    for (; ret == 0 && status == 0; number++) {
        key_of(options->mark, number, wanted);
        if (memcmp(wanted, key_bytes, 8) != 0)
            break;
        if (memcmp(wanted, key_bytes, BULK_KEY) != 0)
            status = failed(name, "a record is missing", number);
        else if (value.size != BULK_VALUE || !is_filled(bytes, BULK_VALUE, options->mark << 32 ^ number))
            status = failed(name, "damage", number);
        ret = cursor->get(cursor, &key, &value, DB_NEXT);
    }
    cursor->close(cursor);
    must(ret == DB_NOTFOUND ? 0 : ret, name);
    if (status == 0 && number != options->records)
        status = failed(name, "the end", number);
    must(db->close(db, 0), "closing a database");
    environment_close(env);
    printf("{\"ok\":%s,\"records\":%llu}\n", status == 0 ? "true" : "false", (unsigned long long)number);
    return status;
}
