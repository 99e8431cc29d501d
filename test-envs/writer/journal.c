#include "journal.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* libdb keeps the extents of a queue open: a long journal must not need too many descriptors. */
enum { JOURNAL_EXTENTS = 16 };

static void keep_last(void *context, const char *name, const struct transfer *transfer)
{
    struct journal *journal = context;

    (void)name;
    if (transfer->sequence > journal->last)
        journal->last = transfer->sequence;
}

void journal_open(struct journal *journal, struct bank *bank, uint64_t thread)
{
    struct making making = {
        .record_length = TRANSFER_SIZE, .extents = JOURNAL_EXTENTS, .spread = (size_t)thread, .create = true};
    char file[NAME_SIZE];

    memset(journal, 0, sizeof(*journal));
    journal->thread = thread;
    journal->type = bank->options->type[thread % bank->options->type_count];
    making.type = journal->type;
    snprintf(file, sizeof(file), "journal-%llu-%s.db", (unsigned long long)thread, type_name(journal->type));
    database_name(bank->options, file, journal->name, sizeof(journal->name));
    journal->db = database_must_open(bank->env, bank->options, journal->name, &making);
    if (!journal_scan(journal->db, journal->name, keep_last, journal))
        library_error(DB_VERIFY_BAD, journal->name);
}

int journal_append(struct journal *journal, DB_TXN *txn, const struct transfer *transfer)
{
    unsigned char key_bytes[KEY_SIZE];
    unsigned char bytes[TRANSFER_SIZE];
    DBT key = dbt(key_bytes, sizeof(key_bytes));
    DBT value = dbt(bytes, sizeof(bytes));

    transfer_encode(bytes, transfer);
    memset(key_bytes, 0, sizeof(key_bytes));
    if (journal->type == DB_BTREE || journal->type == DB_HASH) {
        key.size = (uint32_t)snprintf((char *)key_bytes, sizeof(key_bytes), "%014llu",
                                      (unsigned long long)transfer->sequence);
        return journal->db->put(journal->db, txn, &key, &value, DB_NOOVERWRITE);
    }
    return journal->db->put(journal->db, txn, &key, &value, DB_APPEND);
}

bool journal_scan(DB *db, const char *name, transfer_visitor *visit, void *context)
{
    unsigned char key_bytes[KEY_SIZE];
    unsigned char bytes[TRANSFER_SIZE];
    DBT key = dbt(key_bytes, sizeof(key_bytes));
    DBT value = dbt(bytes, sizeof(bytes));
    bool good = true;
    DBC *cursor;
    int ret;

    must(db->cursor(db, NULL, &cursor, 0), name);
    while ((ret = cursor->get(cursor, &key, &value, DB_NEXT)) == 0) {
        struct transfer transfer;

        if (!transfer_decode(bytes, value.size, &transfer)) {
            good = false;
            break;
        }
        visit(context, name, &transfer);
    }
    cursor->close(cursor);
    if (ret == DB_BUFFER_SMALL)
        good = false;
    else if (ret != 0 && ret != DB_NOTFOUND)
        library_error(ret, name);
    return good;
}

bool journal_parse_name(const char *file, uint64_t *thread, DBTYPE *type)
{
    unsigned long long number;
    char name[16];
    char end[4];

    if (sscanf(file, "journal-%llu-%15[a-z].%3s", &number, name, end) != 3 || strcmp(end, "db") != 0)
        return false;
    *thread = number;
    return type_from_name(name, type);
}

/* What is left where a database was renamed is none. */
static bool is_placeholder(DIR *directory, const char *file)
{
    enum { MAGIC_OFFSET = 12, RENAMED = 0x030800 };
    uint32_t magic = 0;
    int fd = openat(dirfd(directory), file, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return false;
    if (pread(fd, &magic, sizeof(magic), MAGIC_OFFSET) != (ssize_t)sizeof(magic))
        magic = 0;
    close(fd);
    return magic == RENAMED;
}

void visit_files(const struct options *options, file_visitor *visit, void *context)
{
    char dirs[2 * MAX_LIST][1024];
    size_t count = environment_database_dirs(options, dirs, 2 * MAX_LIST);

    for (size_t i = 0; i < count; i++) {
        DIR *dir = opendir(dirs[i]);
        struct dirent *entry;

        while (dir != NULL && (entry = readdir(dir)) != NULL)
            if (!is_placeholder(dir, entry->d_name))
                visit(context, entry->d_name);
        if (dir != NULL)
            closedir(dir);
    }
}
