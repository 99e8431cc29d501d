#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modes.h"
#include "worker.h"

enum { MAX_THREADS = 1024 };

struct expected {
    int64_t balance;
    uint64_t version;
    bool seen;
};

struct sequence {
    uint64_t thread;
    uint64_t count;
    uint64_t last;
    unsigned char *seen;
    size_t size;
};

struct check {
    DB_ENV *env;
    const struct options *options;
    struct bank bank;
    struct expected *expected[MAX_TABLES];
    struct sequence sequences[MAX_THREADS];
    size_t sequence_count;
    uint64_t journal;
    uint64_t accounts;
    uint64_t churned;
    uint64_t acks;
        uint64_t lost_acks;
    uint64_t oldest_lost; /* when it was acknowledged, in microseconds since 1970; 0 if none is lost */
    uint64_t failures;
};

static void fail(struct check *check, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void fail(struct check *check, const char *format, ...)
{
    va_list arguments;

    if (check->failures++ != 0)
        return;
    fprintf(stderr, "bdb-writer: check failed: ");
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\n");
}

static void *grown(void *memory, size_t size)
{
    memory = realloc(memory, size);
    if (memory == NULL)
        usage("out of memory", NULL);
    return memory;
}

static struct sequence *sequence_of(struct check *check, uint64_t thread)
{
    struct sequence *sequence;

    for (size_t i = 0; i < check->sequence_count; i++)
        if (check->sequences[i].thread == thread)
            return &check->sequences[i];
    if (check->sequence_count == MAX_THREADS)
        usage("too many threads", NULL);
    sequence = &check->sequences[check->sequence_count++];
    sequence->thread = thread;
    return sequence;
}

static void note_sequence(struct check *check, const char *name, const struct transfer *transfer)
{
    struct sequence *sequence = sequence_of(check, transfer->thread);
    uint64_t number = transfer->sequence;

    if (number == 0 || number > UINT32_MAX) {
        fail(check, "%s: impossible sequence number %llu", name, (unsigned long long)number);
        return;
    }
    if (number >= sequence->size) {
        size_t size = (size_t)number * 2 + 1024;

        sequence->seen = grown(sequence->seen, size);
        memset(sequence->seen + sequence->size, 0, size - sequence->size);
        sequence->size = size;
    }
    if (sequence->seen[number]++ != 0)
        fail(check, "%s: number %llu occurs twice", name, (unsigned long long)number);
    sequence->count++;
    if (number > sequence->last)
        sequence->last = number;
}

static void apply(struct check *check, const char *name, uint32_t table, uint64_t account, int64_t amount)
{
    if (table >= check->bank.count || account >= check->bank.table[table].accounts) {
        fail(check, "%s: a transfer of an account that does not exist", name);
        return;
    }
    check->expected[table][account].balance += amount;
    check->expected[table][account].version++;
}

static void visit_transfer(void *context, const char *name, const struct transfer *transfer)
{
    struct check *check = context;

    check->journal++;
    note_sequence(check, name, transfer);
    apply(check, name, transfer->from_table, transfer->from, -transfer->amount);
    apply(check, name, transfer->to_table, transfer->to, transfer->amount);
}

static void visit_file(void *context, const char *file)
{
    struct check *check = context;
    struct making making = {.type = DB_UNKNOWN, .read_only = true};
    unsigned long long number;
    unsigned long long records;
    char name[NAME_SIZE];
    uint64_t thread;
    DB *db;

    if (sscanf(file, "churn-%llu-%llu-", &number, &records) == 2 ||
        sscanf(file, "churned-%llu-%llu-", &number, &records) == 2) {
        check->churned++;
        if (!churn_check(check->env, check->options, file, number, records))
            fail(check, "%s: records are missing or damaged", file);
        return;
    }
    if (!journal_parse_name(file, &thread, &making.type))
        return;
    database_name(check->options, file, name, sizeof(name));
    db = database_must_open(check->env, check->options, name, &making);
    if (!journal_scan(db, name, visit_transfer, check))
        fail(check, "%s: a record is damaged", name);
    must(db->close(db, 0), name);
}

static void check_record(struct check *check, struct table *table, const DBT *key, const struct account *account)
{
    unsigned char wanted[KEY_SIZE];
    struct expected *expected;

    if (account->table != table->number || account->number >= table->accounts) {
        fail(check, "%s: a record of another database", table->name);
        return;
    }
    if (bank_key(table, account->number, wanted) != key->size || memcmp(wanted, key->data, key->size) != 0)
        fail(check, "%s: account %llu under a wrong key", table->name, (unsigned long long)account->number);
    expected = &check->expected[table->number][account->number];
    if (expected->seen)
        fail(check, "%s: account %llu occurs twice", table->name, (unsigned long long)account->number);
    expected->seen = true;
    if (account->balance != expected->balance || account->version != expected->version)
        fail(check, "%s: account %llu has balance %lld in version %llu, the journals say %lld in version %llu",
             table->name, (unsigned long long)account->number, (long long)account->balance,
             (unsigned long long)account->version, (long long)expected->balance,
             (unsigned long long)expected->version);
}

/* Returns the sum of all balances. */
static int64_t check_table(struct check *check, struct table *table)
{
    uint64_t value_size = check->options->value_size;
    unsigned char *bytes = grown(NULL, account_max_size(value_size));
    unsigned char key_bytes[KEY_SIZE];
    DBT key = dbt(key_bytes, sizeof(key_bytes));
    DBT value = dbt(bytes, account_max_size(value_size));
    uint64_t count = 0;
    int64_t total = 0;
    DBC *cursor;
    int ret;

    must(table->db->cursor(table->db, NULL, &cursor, 0), table->name);
    while ((ret = cursor->get(cursor, &key, &value, DB_NEXT)) == 0) {
        struct account account;

        count++;
        if (!account_decode(bytes, value.size, value_size, bank_is_fixed(table), &account)) {
            fail(check, "%s: record %llu is damaged", table->name, (unsigned long long)count);
            continue;
        }
        check_record(check, table, &key, &account);
        total += account.balance;
    }
    cursor->close(cursor);
    free(bytes);
    if (ret == DB_BUFFER_SMALL)
        fail(check, "%s: a record is too long", table->name);
    else if (ret != DB_NOTFOUND)
        library_error(ret, table->name);
    if (count != table->accounts)
        fail(check, "%s: %llu accounts instead of %llu", table->name, (unsigned long long)count,
             (unsigned long long)table->accounts);
    check->accounts += count;
    return total;
}

static void check_acks(struct check *check)
{
    FILE *file = fopen(check->options->ack, "r");
    unsigned char bytes[ACK_SIZE];
    struct ack ack;

    if (file == NULL)
        library_error(errno, check->options->ack);
    while (fread(bytes, sizeof(bytes), 1, file) == 1) {
        ack_decode(bytes, &ack);
        if (ack.micros > check->options->ack_before)
            continue;
        check->acks++;
        if (ack.sequence > sequence_of(check, ack.thread)->last) {
                        check->lost_acks++;
            if (check->oldest_lost == 0 || ack.micros < check->oldest_lost)
                check->oldest_lost = ack.micros;
            fail(check, "thread %llu: commit %llu was acknowledged and is lost", (unsigned long long)ack.thread,
                 (unsigned long long)ack.sequence);
        }
    }
    fclose(file);
}

static void print_result(const struct check *check)
{
    printf("{\"ok\":%s,\"journal\":%llu,\"accounts\":%llu,\"churned\":%llu,\"threads\":[",
           check->failures == 0 ? "true" : "false", (unsigned long long)check->journal,
           (unsigned long long)check->accounts, (unsigned long long)check->churned);
    for (size_t i = 0; i < check->sequence_count; i++)
        printf("%s{\"thread\":%llu,\"last\":%llu}", i != 0 ? "," : "",
               (unsigned long long)check->sequences[i].thread, (unsigned long long)check->sequences[i].last);
    printf("],\"acks\":%llu,\"lostAcks\":%llu,\"oldestLostMicros\":%llu,\"failures\":%llu}\n",
           (unsigned long long)check->acks, (unsigned long long)check->lost_acks,
           (unsigned long long)check->oldest_lost, (unsigned long long)check->failures);
}

int mode_check(const struct options *options)
{
    static struct check check;
    enum open_how how = options->live            ? OPEN_JOIN
                        : options->recover_fatal ? OPEN_RECOVER_FATAL_PRIVATE
                        : options->recover       ? OPEN_RECOVER_PRIVATE
                                                 : OPEN_FILES;
    int64_t total = 0;
    uint64_t accounts = 0;

    check.options = options;
    check.env = environment_open(options, how);
    bank_open(&check.bank, check.env, options, true);
    for (size_t i = 0; i < check.bank.count; i++) {
        accounts += check.bank.table[i].accounts;
        check.expected[i] = grown(NULL, check.bank.table[i].accounts * sizeof(struct expected));
        for (uint64_t n = 0; n < check.bank.table[i].accounts; n++)
            check.expected[i][n] = (struct expected){INITIAL_BALANCE, 0, false};
    }
    visit_files(options, visit_file, &check);
    for (size_t i = 0; i < check.bank.count; i++)
        total += check_table(&check, &check.bank.table[i]);
    if (total != (int64_t)accounts * INITIAL_BALANCE)
        fail(&check, "the total is %lld", (long long)total);
    for (size_t i = 0; i < check.sequence_count; i++)
        if (check.sequences[i].count != check.sequences[i].last)
            fail(&check, "thread %llu: the journal has holes, %llu records up to number %llu",
                 (unsigned long long)check.sequences[i].thread, (unsigned long long)check.sequences[i].count,
                 (unsigned long long)check.sequences[i].last);
    if (options->ack != NULL)
        check_acks(&check);
    if (check.journal < options->expect_min_journal)
        fail(&check, "only %llu journal records", (unsigned long long)check.journal);
    print_result(&check);
    bank_close(&check.bank);
    environment_close(check.env);
    for (size_t i = 0; i < check.bank.count; i++)
        free(check.expected[i]);
    for (size_t i = 0; i < check.sequence_count; i++)
        free(check.sequences[i].seen);
    return check.failures == 0 ? 0 : EXIT_CHECK;
}
