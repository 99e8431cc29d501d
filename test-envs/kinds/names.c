#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kinds.h"

enum { SLOTS = 8, RECORDS = 6, VALUE = 200, KEYS = 300, MOST_RECORDS = 24 };

struct slot {
    uint64_t number;
    char name[32];
    bool there;
};

/* Which there are is what the last transaction has left: only this process makes any. */
static struct slot slot_of(const struct world *world, uint64_t number)
{
    struct slot slot = {.number = number % SLOTS};
    char path[1024];

    snprintf(slot.name, sizeof(slot.name), "slot-%llu.db", (unsigned long long)slot.number);
    snprintf(path, sizeof(path), "%s/%s", world->home, slot.name);
    slot.there = access(path, F_OK) == 0;
    return slot;
}

/* Opens, writes and closes, which writes the pages, too. */
static int fill(struct world *world, DB_TXN *txn, const char *name, uint64_t n, uint32_t flags)
{
    DB *db = world_handle(world);
    int closed;
    int ret;

    ret = db->open(db, txn, name, NULL, DB_BTREE, flags | DB_THREAD, 0);
    for (uint64_t i = 0; ret == 0 && i < RECORDS; i++)
        ret = put_record(db, txn, mix(n, i) % MOST_RECORDS, n + i, VALUE);
    closed = db->close(db, 0);
    return ret != 0 ? ret : closed;
}

static int make(struct world *world, DB_TXN *txn, struct slot *slot, uint64_t n)
{
    int ret = slot->there ? 0 : fill(world, txn, slot->name, n, DB_CREATE | DB_EXCL);

    slot->there = true;
    return ret;
}

/*
 * Whether a transaction may use a name that it has left itself. In an encrypted environment libdb
 * takes its own placeholder there for a damaged database.
 */
static bool at_once(struct world *world)
{
    uint32_t encryption;

    must(world->env->get_encrypt_flags(world->env, &encryption), "get_encrypt_flags");
    return encryption == 0;
}

static int take_away(struct world *world, DB_TXN *txn, struct slot *slot)
{
    int ret = slot->there ? world->env->dbremove(world->env, txn, slot->name, NULL, 0) : 0;

    slot->there = false;
    return ret;
}

/*
 * Over what is there: libdb wants that removed first. None goes back to a name that it had: libdb's
 * own recovery would lose it.
 */
static int move(struct world *world, DB_TXN *txn, struct slot *from, struct slot *to)
{
    int ret;

    if (!from->there || from->number >= to->number)
        return 0;
    if (to->there && !at_once(world))
        return take_away(world, txn, to);
    ret = take_away(world, txn, to);
    if (ret == 0)
        ret = world->env->dbrename(world->env, txn, from->name, NULL, to->name, 0);
    from->there = false;
    to->there = true;
    return ret;
}

/* What is begun here is given up. */
static int give_up(struct world *world, uint64_t n, bool making)
{
    struct slot a = slot_of(world, mix(n, 2));
    struct slot b = slot_of(world, mix(n, 3) + 1);
    DB_TXN *txn;
    int ret;

    must(world->env->txn_begin(world->env, NULL, &txn, DB_TXN_NOWAIT), "txn_begin");
    if (making)
        ret = make(world, txn, &a, n);
    else
        ret = b.there ? 0 : move(world, txn, &a, &b);
    if (ret != 0 && !is_deadlock(ret))
        library_error(ret, "what is given up");
    must(txn->abort(txn), "abort");
    return 0;
}

static int change_names(struct world *world, DB_TXN *txn, uint64_t n)
{
    uint64_t at = mix(n, 4);
    struct slot a = slot_of(world, at);
    struct slot b = slot_of(world, at + 1 + mix(n, 5) % (SLOTS - 1));
    int ret;

    switch (mix(n, 6) % 10) {
    case 0:
    case 1:
        return make(world, txn, &a, n);
    case 2:
        return take_away(world, txn, &a);
    case 3: /* its name is used again at once */
        ret = take_away(world, txn, &a);
        return ret != 0 || !at_once(world) ? ret : make(world, txn, &a, n);
    case 4:
    case 5:
        return move(world, txn, &a, &b);
    case 6: /* one leaves, and another comes in its place */
        ret = b.there ? 0 : move(world, txn, &a, &b);
        return ret != 0 || !at_once(world) ? ret : make(world, txn, &a, n);
    case 7:
        return give_up(world, n, true);
    case 8:
        return give_up(world, n, false);
    default:
        return a.there ? fill(world, txn, a.name, n, 0) : make(world, txn, &a, n);
    }
}

/* a to b, b to c, and a new a: each a transaction, one after the other. */
static int move_on(struct world *world, DB_TXN *txn, uint64_t n)
{
    uint64_t at = n / 40 % (SLOTS - 2);
    struct slot a = slot_of(world, at);
    struct slot b = slot_of(world, at + 1);
    struct slot c = slot_of(world, at + 2);

    switch (n % 10) {
    case 1:
        return make(world, txn, &a, n);
    case 3:
        return move(world, txn, &a, &b);
    case 5:
        return move(world, txn, &b, &c);
    case 7:
        return make(world, txn, &a, n);
    default:
        return usual_step(world->own, txn, n, KEYS, VALUE);
    }
}

static int names_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    if (n / 10 % 4 == 1)
        return move_on(world, txn, n);
    if (n % 20 == 2)
        return change_names(world, txn, n);
    if (n % 20 == 4) {
        struct slot slot = slot_of(world, mix(n, 1));

        return slot.there ? fill(world, txn, slot.name, n, 0) : 0;
    }
    return usual_step(world->own, txn, n, KEYS, VALUE);
}

static void open_records(struct world *world)
{
    struct making making = {.type = DB_BTREE, .page_size = 1024};
    struct making slots = {.type = DB_BTREE};

    world->own = world_database(world, "records.db", NULL, &making);
    if (world->purpose != TO_CHECK)
        return;
    for (uint64_t i = 0; i < SLOTS; i++) {
        struct slot slot = slot_of(world, i);

        if (slot.there)
            world_database(world, slot.name, NULL, &slots);
    }
}

/* None is left that nobody can name. */
static void check_strays(struct world *world)
{
    struct dirent *entry;
    DIR *directory = opendir(world->home);

    if (directory == NULL)
        library_error(errno, world->home);
    while ((entry = readdir(directory)) != NULL)
        if (strncmp(entry->d_name, "__db.", 5) == 0 && strlen(entry->d_name) > 8)
            fail(world, "%s: left behind", entry->d_name);
    closedir(directory);
}

static void finish_replay(struct world *replay)
{
    struct making slots = {.type = DB_BTREE};

    for (uint64_t i = 0; i < SLOTS; i++) {
        struct slot slot = slot_of(replay, i);

        if (slot.there)
            world_database(replay, slot.name, NULL, &slots);
    }
}

static void check_names(struct world *world, uint64_t n)
{
    check_strays(world);
    check_by_replay(world, n);
}

static const struct kind renamed = {
    .name = "rename-remove",
    .shows = "databases are made, renamed over one another and removed, some 20 times a second; some of that is aborted",
    .open = open_records,
    .step = names_step,
    .check = check_names,
    .replayed = finish_replay,
};

/* The password that the tests know, too. */
static void encrypt(DB_ENV *env, enum purpose purpose)
{
    (void)purpose;
    must(env->set_encrypt(env, "correct horse", DB_ENCRYPT_AES), "set_encrypt");
}

static const struct kind encrypted = {
    .name = "rename-remove-encrypted",
    .shows = "`rename-remove` in an encrypted environment",
    .configure = encrypt,
    .open = open_records,
    .step = names_step,
    .check = check_names,
    .replayed = finish_replay,
};

const struct kind *const name_kinds[] = {&renamed, &encrypted, NULL};
