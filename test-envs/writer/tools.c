#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bank.h"
#include "modes.h"

enum { CREATE_RECORDS = 100 };

static void on_alarm(int number)
{
    static const char message[] = "bdb-writer: check failed: no answer in time\n";

    (void)number;
    if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0)
        _exit(EXIT_LIBRARY);
    _exit(EXIT_CHECK);
}

static DB_ENV *join(const struct options *options, enum open_how how)
{
    if (options->timeout != 0) {
        signal(SIGALRM, on_alarm);
        alarm((unsigned)options->timeout);
    }
    return environment_open(options, how);
}

/* Names on the command line are relative to the databases' sub-directory, unless absolute. */
static void name_of(const struct options *options, const char *given, char *name)
{
    if (given == NULL)
        usage("--db is needed (rename: --to as well)", NULL);
    if (given[0] == '/')
        snprintf(name, NAME_SIZE, "%s", given);
    else
        database_name(options, given, name, NAME_SIZE);
}

static void absolute_name(const struct options *options, char *name)
{
    char dirs[2 * MAX_LIST][1024];
    char *path;

    environment_database_dirs(options, dirs, 2 * MAX_LIST);
    path = realpath(dirs[0], NULL);
    if (path == NULL || snprintf(name, NAME_SIZE, "%s/%s", path, options->db) >= NAME_SIZE)
        usage("no such directory, or too long", dirs[0]);
    free(path);
}

static int done(DB_ENV *env)
{
    environment_close(env);
    printf("{\"ok\":true}\n");
    return 0;
}

static void put(DB *db, DB_TXN *txn, const char *key_text, const char *value_text)
{
    char *key_copy = strdup(key_text);
    char *value_copy = strdup(value_text);
    DBT key;
    DBT value;

    if (key_copy == NULL || value_copy == NULL)
        usage("out of memory", NULL);
    key = dbt(key_copy, strlen(key_copy));
    value = dbt(value_copy, strlen(value_copy));
    must(db->put(db, txn, &key, &value, 0), "put");
    free(key_copy);
    free(value_copy);
}

/* Pages may stay in the cache only, where nobody has the database open. */
static uint32_t close_flags(const struct options *options)
{
    return options->close_nosync ? DB_NOSYNC : 0;
}

int mode_create(const struct options *options)
{
    struct making making = {.type = DB_BTREE, .create = true, .outside = options->outside};
    DB_ENV *env = join(options, OPEN_APPLICATION);
    char name[NAME_SIZE];
    DB_TXN *txn = NULL;
    DB *db;

    name_of(options, options->db, name);
    if (options->absolute && name[0] != '/')
        absolute_name(options, name);
    db = database_must_open(env, options, name, &making);
    if (environment_is_transactional(env) && !options->outside)
        must(env->txn_begin(env, NULL, &txn, 0), "txn_begin");
    for (int i = 0; i < CREATE_RECORDS; i++) {
        char key[16];

        snprintf(key, sizeof(key), "key%05d", i);
        put(db, txn, key, "value");
    }
    if (txn != NULL)
        must(txn->commit(txn, 0), "commit");
    must(db->close(db, close_flags(options)), "closing a database");
    return done(env);
}

static uint32_t auto_commit(DB_ENV *env, const struct options *options)
{
    return environment_is_transactional(env) && !options->outside ? DB_AUTO_COMMIT : 0;
}

int mode_rename(const struct options *options)
{
    DB_ENV *env = join(options, OPEN_APPLICATION);
    char from[NAME_SIZE];
    char to[NAME_SIZE];

    name_of(options, options->db, from);
    name_of(options, options->to, to);
    must(env->dbrename(env, NULL, from, NULL, to, auto_commit(env, options)), from);
    return done(env);
}

int mode_remove(const struct options *options)
{
    DB_ENV *env = join(options, OPEN_APPLICATION);
    char name[NAME_SIZE];

    name_of(options, options->db, name);
    must(env->dbremove(env, NULL, name, NULL, auto_commit(env, options)), name);
    return done(env);
}

int mode_checkpoint(const struct options *options)
{
    DB_ENV *env = join(options, OPEN_JOIN);

    must(env->txn_checkpoint(env, 0, 0, DB_FORCE), "checkpoint");
    return done(env);
}

int mode_count(const struct options *options)
{
    struct making making = {.type = DB_UNKNOWN, .read_only = true};
    DB_ENV *env = join(options, options->live            ? OPEN_JOIN
                                : options->recover_fatal ? OPEN_RECOVER_FATAL_PRIVATE
                                : options->recover       ? OPEN_RECOVER_PRIVATE
                                                         : OPEN_FILES);
    char name[NAME_SIZE];
    DB *db;

    name_of(options, options->db, name);
    db = database_must_open(env, options, name, &making);
    printf("{\"ok\":true,\"count\":%lld}\n", (long long)database_count(db));
    must(db->close(db, 0), "closing a database");
    environment_close(env);
    return 0;
}

int mode_put(const struct options *options)
{
    struct making making = {.type = DB_UNKNOWN};
    DB_ENV *env = join(options, OPEN_APPLICATION);
    char name[NAME_SIZE];
    DB *db;

    if (options->key == NULL || options->value == NULL)
        usage("--key and --value are needed", NULL);
    name_of(options, options->db, name);
    db = database_must_open(env, options, name, &making);
    put(db, NULL, options->key, options->value);
    must(db->close(db, close_flags(options)), "closing a database");
    return done(env);
}

/* Leaves a record in a transaction that is prepared and not resolved, the way a crash of its coordinator does. */
int mode_prepare(const struct options *options)
{
    struct making making = {.type = DB_UNKNOWN};
    DB_ENV *env = join(options, OPEN_APPLICATION);
    uint8_t gid[DB_GID_SIZE] = {0};
    char name[NAME_SIZE];
    DB_TXN *txn = NULL;
    DB *db;

    if (options->key == NULL || options->value == NULL || options->argument == NULL)
        usage("prepare GID --db --key --value are needed", NULL);
    name_of(options, options->db, name);
    snprintf((char *)gid, sizeof(gid), "%s", options->argument);
    db = database_must_open(env, options, name, &making);
    must(env->txn_begin(env, NULL, &txn, 0), "txn_begin");
    put(db, txn, options->key, options->value);
    must(txn->prepare(txn, gid), "prepare");
    printf("{\"ok\":true}\n");
    fflush(stdout);
    _exit(0);
}

/* Commits or aborts every prepared transaction, as a coordinator does that has come back. */
int mode_resolve(const struct options *options)
{
    DB_ENV *env = join(options, options->recover ? OPEN_RECOVER : OPEN_APPLICATION);
    DB_PREPLIST list[16];
    long count = 0;

    if (options->argument == NULL)
        usage("resolve commit|abort", NULL);
    must(env->txn_recover(env, list, 16, &count, DB_FIRST), "txn_recover");
    for (long i = 0; i < count; i++)
        must(strcmp(options->argument, "commit") == 0 ? list[i].txn->commit(list[i].txn, 0)
                                                      : list[i].txn->abort(list[i].txn),
             "resolving a transaction");
    environment_close(env);
    printf("{\"ok\":true,\"resolved\":%ld}\n", count);
    return 0;
}

/* One unit of money from nowhere, in a record that is well formed: a check must notice. */
int mode_corrupt(const struct options *options)
{
    static struct bank bank;
    DB_ENV *env = join(options, OPEN_APPLICATION);
    struct table *table = NULL;
    struct account account;
    char name[NAME_SIZE];

    name_of(options, options->db, name);
    bank_open(&bank, env, options, false);
    for (size_t i = 0; i < bank.count; i++)
        if (strcmp(bank.table[i].name, name) == 0)
            table = &bank.table[i];
    if (table == NULL || options->account >= table->accounts)
        usage("no such account", name);
    must(bank_read(&bank, table, NULL, options->account, &account), name);
    account.balance++;
    must(bank_write(&bank, table, NULL, &account), name);
    bank_close(&bank);
    return done(env);
}

int mode_hotbackup_hold(const struct options *options)
{
    DB_ENV *env = join(options, OPEN_JOIN);
    uint32_t flags = 0;

    if (options->argument == NULL)
        usage("hotbackup-hold 0|1|get", NULL);
    if (strcmp(options->argument, "get") != 0)
        must(env->set_flags(env, DB_HOTBACKUP_IN_PROGRESS, strcmp(options->argument, "1") == 0),
             "DB_HOTBACKUP_IN_PROGRESS");
    must(env->get_flags(env, &flags), "get_flags");
    printf("{\"ok\":true,\"hotbackup\":%s}\n", (flags & DB_HOTBACKUP_IN_PROGRESS) != 0 ? "true" : "false");
    environment_close(env);
    return 0;
}

int mode_remove_environment(const struct options *options)
{
    environment_remove(options);
    printf("{\"ok\":true}\n");
    return 0;
}

int mode_archive(const struct options *options)
{
    DB_ENV *env = join(options, OPEN_APPLICATION);
    char **names = NULL;
    int count = 0;

    must(env->log_archive(env, &names, options->remove ? DB_ARCH_REMOVE : 0), "log_archive");
    for (char **name = names; name != NULL && *name != NULL; name++)
        count++;
    printf("{\"ok\":true,\"unneeded\":%d}\n", count);
    free(names);
    environment_close(env);
    return 0;
}
