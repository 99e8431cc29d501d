#ifndef BDB_WRITER_JOURNAL_H
#define BDB_WRITER_JOURNAL_H

#include "bank.h"

/* One journal for each thread, so that threads do not wait for each other at its end. */
struct journal {
    char name[NAME_SIZE];
    DBTYPE type;
    DB *db;
    uint64_t thread;
    uint64_t last; /* the last sequence number committed */
};

typedef void transfer_visitor(void *context, const char *name, const struct transfer *transfer);
typedef void file_visitor(void *context, const char *file);

void journal_open(struct journal *journal, struct bank *bank, uint64_t thread);
int journal_append(struct journal *journal, DB_TXN *txn, const struct transfer *transfer);
/* Visits every record of a journal file; false when a record is damaged. */
bool journal_scan(DB *db, const char *name, transfer_visitor *visit, void *context);
bool journal_parse_name(const char *file, uint64_t *thread, DBTYPE *type);
/* Every file in the directories of the databases. */
void visit_files(const struct options *options, file_visitor *visit, void *context);

#endif
