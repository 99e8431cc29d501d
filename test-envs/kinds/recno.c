#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "kinds.h"

enum { FIXED_SIZE = 40, FIXED_RECORDS = 300, MANY_LINES = 200 };

static void open_renumbered(struct world *world)
{
    struct making making = {.type = DB_RECNO, .flags = DB_RENUMBER, .page_size = 1024};

    world->own = world_database(world, "records.db", NULL, &making);
}

/* Appends two records and removes one of the first ten, so that all behind it move. */
static int renumbered_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    DB *db = world->own;
    int ret = 0;

    for (uint64_t i = 0; ret == 0 && i < 2; i++) {
        db_recno_t number = 0;
        DBT key = number_of(&number);
        DBT value = value_of(n * 2 + i, mix(n, i) % 100);

        ret = db->put(db, txn, &key, &value, DB_APPEND);
    }
    if (ret == 0) {
        db_recno_t number = (db_recno_t)(mix(n, 2) % 10 + 1);
        DBT key = number_of(&number);

        ret = db->del(db, txn, &key, 0);
    }
    return ret == DB_NOTFOUND || ret == DB_KEYEMPTY ? 0 : ret;
}

static const struct kind renumbered = {
    .name = "recno-renumber",
    .shows = "record numbers that move when one is removed (`DB_RENUMBER`)",
    .open = open_renumbered,
    .step = renumbered_step,
};

/* The text is there from the start and stays as it is: nobody calls DB->sync. */
static void set_source(DB *db)
{
    must(db->set_re_source(db, "lines.txt"), "set_re_source");
    must(db->set_re_delim(db, '\n'), "set_re_delim");
}

static void write_lines(const char *home)
{
    char path[1024];
    struct stat status;
    FILE *file;

    snprintf(path, sizeof(path), "%s/lines.txt", home);
    if (stat(path, &status) == 0)
        return;
    file = fopen(path, "w");
    if (file == NULL)
        usage("cannot write", path);
    for (int i = 0; i < MANY_LINES; i++)
        fprintf(file, "line %d of the text\n", i);
    fclose(file);
}

static void open_backed(struct world *world)
{
    struct making making = {.type = DB_RECNO, .flags = DB_SNAPSHOT, .page_size = 1024, .setup = set_source};

    if (world->purpose != TO_CHECK)
        write_lines(world->home);
    else /* The database alone: opened with its source it would read that again. */
        making = (struct making){.type = DB_RECNO};
    world->own = world_database(world, "records.db", NULL, &making);
}

/* Beside it a database that knows how many lines each step has left. */
static int backed_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    DB *db = world->own;
    db_recno_t number = (db_recno_t)(mix(n, 1) % MANY_LINES + 1);
    char line[64];
    DBT key = number_of(&number);
    DBT value;

    memset(&value, 0, sizeof(value));
    value.data = line;
    value.size = (uint32_t)snprintf(line, sizeof(line), "line of step %llu", (unsigned long long)n);
    return db->put(db, txn, &key, &value, 0);
}

static const struct kind backed = {
    .name = "recno-backing-file",
    .shows = "lines of a text (`set_re_source`); the database follows, the text is a file that comes with snapshots",
    .open = open_backed,
    .step = backed_step,
};

static void open_fixed(struct world *world)
{
    struct making making = {.type = DB_RECNO, .record_size = FIXED_SIZE, .page_size = 1024};

    world->own = world_database(world, "records.db", NULL, &making);
}

static int fixed_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    DB *db = world->own;
    int ret = 0;

    for (uint64_t i = 0; ret == 0 && i < 2; i++) {
        db_recno_t number = (db_recno_t)(mix(n, i) % FIXED_RECORDS + 1);
        DBT key = number_of(&number);
        DBT value = value_of(n, 8 + mix(n, 2 + i) % (FIXED_SIZE - 16));

        ret = i == 1 && mix(n, 5) % 3 == 0 ? db->del(db, txn, &key, 0) : db->put(db, txn, &key, &value, 0);
    }
    return ret == DB_NOTFOUND || ret == DB_KEYEMPTY ? 0 : ret;
}

static const struct kind fixed = {
    .name = "recno-fixed",
    .shows = "records of one length, padded; some empty",
    .open = open_fixed,
    .step = fixed_step,
};

const struct kind *const recno_kinds[] = {&renumbered, &backed, &fixed, NULL};
