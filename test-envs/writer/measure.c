#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "database.h"
#include "modes.h"
#include "record.h"

enum { MANY_KEY = 16, MANY_VALUE = 100 };

static int64_t nanos(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* What a listing costs whoever calls libdb from C: the measure of any binding. */
int mode_archive_time(const struct options *options)
{
    DB_ENV *env = environment_open(options, OPEN_JOIN);
    int64_t start = nanos();

    for (uint64_t i = 0; i < options->records; i++) {
        char **names = NULL;

        must(env->log_archive(env, &names, DB_ARCH_ABS), "log_archive");
        free(names);
    }
    printf("{\"ok\":true,\"nanos\":%lld}\n", (long long)((nanos() - start) / (int64_t)options->records));
    environment_close(env);
    return 0;
}

/* Keeps the environment open, and changes nothing, until the end of standard input. */
int mode_hold(const struct options *options)
{
    DB_ENV *env = environment_open(options, OPEN_APPLICATION);
    char bytes[256];

    printf("ready\n");
    fflush(stdout);
    while (read(STDIN_FILENO, bytes, sizeof(bytes)) > 0)
        ;
    environment_close(env);
    return 0;
}

/* Keeps the lock of the environment's region, as a process does that was stopped in a call, until a line comes. */
int mode_hold_lock(const struct options *options)
{
    enum { ENV_REGION = 2 }; /* db5.3_stat -X A has its number: the first is that of all mutexes */
    DB_ENV *env = environment_open(options, OPEN_JOIN);
    char bytes[256];

    must(env->mutex_lock(env, ENV_REGION), "mutex_lock");
    printf("ready\n");
    fflush(stdout);
    if (read(STDIN_FILENO, bytes, sizeof(bytes)) < 0)
        library_error(errno, "standard input");
    must(env->mutex_unlock(env, ENV_REGION), "mutex_unlock");
    environment_close(env);
    return 0;
}

/* Catastrophic recovery and nothing else: no program that applies the same log through libdb can be faster. */
int mode_replay(const struct options *options)
{
    int64_t start = nanos();
    DB_ENV *env = environment_open(options, OPEN_REPLAY);
    int64_t end = nanos();

    environment_close(env);
    printf("{\"ok\":true,\"nanos\":%lld}\n", (long long)(end - start));
    return 0;
}

static DB *open_small(DB_ENV *env, const struct options *options, uint64_t number, bool read_only)
{
    struct making making = {.type = DB_BTREE, .spread = number, .create = !read_only, .read_only = read_only};
    char file[NAME_SIZE];
    char name[NAME_SIZE];

    snprintf(file, sizeof(file), "small-%06llu.db", (unsigned long long)number);
    database_name(options, file, name, sizeof(name));
    return database_must_open(env, options, name, &making);
}

static size_t small_key(char *key, uint64_t record)
{
    return (size_t)snprintf(key, MANY_KEY, "%010llu", (unsigned long long)record);
}

/* Many small databases, which one transaction each fills. */
int mode_many(const struct options *options)
{
    DB_ENV *env = environment_open(options, OPEN_APPLICATION);
    unsigned char bytes[MANY_VALUE];
    char key_bytes[MANY_KEY];

    for (uint64_t number = 0; number < options->many; number++) {
        DB *db = open_small(env, options, number, false);
        DB_TXN *txn;

        must(env->txn_begin(env, NULL, &txn, DB_TXN_NOSYNC), "txn_begin");
        for (uint64_t i = 0; i < options->records; i++) {
            DBT key = dbt(key_bytes, small_key(key_bytes, i));
            DBT value = dbt(bytes, sizeof(bytes));

            fill(bytes, sizeof(bytes), number << 32 ^ i);
            must(db->put(db, txn, &key, &value, 0), "put");
        }
        must(txn->commit(txn, 0), "commit");
        must(db->close(db, 0), "closing a database");
    }
    must(env->txn_checkpoint(env, 0, 0, DB_FORCE), "checkpoint");
    environment_close(env);
    printf("{\"ok\":true,\"databases\":%llu}\n", (unsigned long long)options->many);
    return 0;
}

static bool small_is_whole(DB_ENV *env, const struct options *options, uint64_t number)
{
    DB *db = open_small(env, options, number, true);
    unsigned char bytes[MANY_VALUE];
    char key_bytes[MANY_KEY];
    bool good = true;

    for (uint64_t i = 0; good && i < options->records; i++) {
        DBT key = dbt(key_bytes, small_key(key_bytes, i));
        DBT value = dbt(bytes, sizeof(bytes));

        good = db->get(db, NULL, &key, &value, 0) == 0 && value.size == MANY_VALUE &&
               is_filled(bytes, MANY_VALUE, number << 32 ^ i);
    }
    good = good && database_count(db) == (int64_t)options->records;
    must(db->close(db, 0), "closing a database");
    return good;
}

int mode_many_check(const struct options *options)
{
    DB_ENV *env = environment_open(options, OPEN_FILES);
    uint64_t bad = 0;

    for (uint64_t number = 0; number < options->many; number++)
        if (!small_is_whole(env, options, number) && bad++ == 0)
            fprintf(stderr, "bdb-writer: check failed: small database %llu\n", (unsigned long long)number);
    environment_close(env);
    printf("{\"ok\":%s,\"databases\":%llu,\"bad\":%llu}\n", bad == 0 ? "true" : "false",
           (unsigned long long)options->many, (unsigned long long)bad);
    return bad == 0 ? 0 : EXIT_CHECK;
}
