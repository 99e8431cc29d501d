#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kinds.h"

enum { KEYS = 200, VALUE = 120, NAME = 255, FILES = 5000, AT_ONCE = 250, SMALL_PAGE = 512 };

static const struct making btree = {.type = DB_BTREE};

/* A file of the application's own. */
static void write_file(const char *home, const char *name)
{
    char path[1024];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", home, name);
    file = fopen(path, "w");
    if (file == NULL || fputs("written by the application\n", file) < 0 || fclose(file) != 0)
        library_error(errno, path);
}

static void make_directory(const char *home, const char *name)
{
    char path[1024];

    snprintf(path, sizeof(path), "%s/%s", home, name);
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        library_error(errno, path);
}

static int one_of(struct world *world, DB_TXN *txn, uint64_t n, size_t first, size_t count)
{
    return usual_step(world->database[first + n % count].db, txn, n, KEYS, VALUE);
}

/* The sign again and again, and an end. */
static const char *long_name(char *name, const char *sign, const char *end)
{
    size_t length = strlen(sign);
    size_t at = 0;

    for (; at + length + strlen(end) <= NAME; at += length)
        memcpy(name + at, sign, length);
    snprintf(name + at, NAME + 1 - at, "%s", end);
    return name;
}

static void open_long(struct world *world)
{
    char name[NAME + 1];

    world_database(world, long_name(name, "a", ".db"), NULL, &btree);
    world_database(world, long_name(name, "\xc3\xbc", ".db"), NULL, &btree);
    world_database(world, long_name(name, "\xfc", ".db"), NULL, &btree);
    if (world->purpose == TO_WORK) {
        write_file(world->home, long_name(name, "o", "1"));
        write_file(world->home, long_name(name, "o", "2"));
    }
}

static int three_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    return one_of(world, txn, n, 1, 3); /* the first is steps.db */
}

static const struct kind long_names = {
    .name = "names-255",
    .shows = "databases and other files with names of 255 bytes, ASCII, UTF-8 and not UTF-8",
    .open = open_long,
    .step = three_step,
};

static void open_odd(struct world *world)
{
    if (world->purpose != TO_CHECK)
        make_directory(world->home, "sub\nway");
    world_database(world, "two\nlines.db", NULL, &btree);
    world_database(world, "sub\nway/back\\slash\t.db", NULL, &btree);
    world_database(world, " \x01\n", NULL, &btree);
    if (world->purpose == TO_WORK)
        write_file(world->home, "sub\nway/of\nthree\nlines");
}

static const struct kind odd_names = {
    .name = "names-newline",
    .shows = "names with newlines, tabs, backslashes and other control characters, directories too",
    .open = open_odd,
    .step = three_step,
};

static const char *numbered(char *name, uint64_t number)
{
    snprintf(name, NAME, "many/%04llu.db", (unsigned long long)number);
    return name;
}

static DB *open_one(struct world *world, DB_TXN *txn, uint64_t number, uint32_t flags)
{
    char name[NAME + 1];
    DB *db;

    must(db_create(&db, world->env, 0), "db_create");
    must(db->set_pagesize(db, SMALL_PAGE), "set_pagesize");
    must(db->open(db, txn, numbered(name, number), NULL, DB_BTREE, flags, 0), name);
    return db;
}

static void make_many(struct world *world)
{
    char path[1024];

    snprintf(path, sizeof(path), "%s/many/%04d.db", world->home, FILES - 1);
    make_directory(world->home, "many");
    if (access(path, F_OK) == 0)
        return;
    for (uint64_t first = 0; first < FILES; first += AT_ONCE) {
        DB_TXN *txn;

        must(world->env->txn_begin(world->env, NULL, &txn, 0), "txn_begin");
        for (uint64_t i = 0; i < AT_ONCE; i++) {
            DB *db = open_one(world, txn, first + i, DB_CREATE);

            must(db->close(db, DB_NOSYNC), "closing a database");
        }
        must(txn->commit(txn, DB_TXN_NOSYNC), "commit");
    }
}

static void open_none(struct world *world)
{
    (void)world;
}

static uint64_t file_of(uint64_t n)
{
    return mix(n, 1) % FILES;
}

static int many_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    DB *db;
    int ret;

    if (world->purpose != TO_WORK)
        return 0;
    db = open_one(world, txn, file_of(n), 0);
    ret = put_record(db, txn, 0, n, VALUE);
    must(db->close(db, DB_NOSYNC), "closing a database");
    return ret;
}

static uint64_t number_in(DB *db)
{
    struct text text;
    DBT key = key_of(&text, 0);
    unsigned char bytes[VALUE];
    uint64_t n = 0;
    DBT value;
    int ret;

    memset(&value, 0, sizeof(value));
    value.data = bytes;
    value.ulen = sizeof(bytes);
    value.flags = DB_DBT_USERMEM;
    ret = db->get(db, NULL, &key, &value, 0);
    if (ret != 0 && ret != DB_NOTFOUND)
        library_error(ret, "get");
    if (ret == 0)
        memcpy(&n, bytes, sizeof(n));
    return n;
}

/* Each has what the last step that went to it wrote. */
static void check_many(struct world *world, uint64_t n)
{
    static uint64_t last[FILES];

    for (uint64_t i = 1; i <= n; i++)
        last[file_of(i)] = i;
    for (uint64_t i = 0; i < FILES; i++) {
        DB *db = open_one(world, NULL, i, DB_RDONLY);
        uint64_t found = number_in(db);

        if (found != last[i])
            fail(world, "many/%04llu.db: of step %llu, not %llu", (unsigned long long)i, (unsigned long long)found,
                 (unsigned long long)last[i]);
        must(db->close(db, DB_NOSYNC), "closing a database");
    }
}

/* What was closed before it was written out. */
static void write_out(struct world *world)
{
    must(world->env->txn_checkpoint(world->env, 0, 0, DB_FORCE), "checkpoint");
}

static const struct kind many = {
    .name = "files-5000",
    .shows = "5,000 databases in a directory",
    .log_size = 4 << 20,
    .opened = make_many,
    .open = open_none,
    .step = many_step,
    .finish = write_out,
    .check = check_many,
};

const struct kind *const file_kinds[] = {&long_names, &odd_names, &many, NULL};
