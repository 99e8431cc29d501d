#include "options.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { TEXT, NUMBER, FLAG, LIST };

struct spec {
    const char *name;
    enum kind kind;
    bool kept; /* describes the environment, so init remembers it */
    size_t offset;
};

#define OPTION(name, kind, kept, field) {name, kind, kept, offsetof(struct options, field)}

static const struct spec specs[] = {
    OPTION("home", TEXT, false, home),
    OPTION("types", TEXT, true, types),
    OPTION("databases", NUMBER, true, databases),
    OPTION("subdir", TEXT, true, subdir),
    OPTION("data-dir", LIST, true, data_dirs),
    OPTION("log-dir", TEXT, true, log_dir),
    OPTION("config", LIST, false, config),
    OPTION("pagesize", NUMBER, true, page_size),
    OPTION("checksum", FLAG, true, checksum),
    OPTION("password-file", TEXT, true, password_file),
    OPTION("cache", NUMBER, true, cache),
    OPTION("log-size", NUMBER, true, log_size),
    OPTION("log-buffer", NUMBER, true, log_buffer),
    OPTION("extent", NUMBER, true, extent),
    OPTION("accounts", NUMBER, true, accounts),
    OPTION("value-size", NUMBER, true, value_size),
    OPTION("lorder", NUMBER, true, lorder),
    OPTION("private", FLAG, true, private_regions),
    OPTION("log-in-memory", FLAG, true, log_in_memory),
    OPTION("no-txn", FLAG, true, no_txn),
    OPTION("auto-remove", FLAG, true, auto_remove),
    OPTION("seconds", NUMBER, false, seconds),
    OPTION("threads", NUMBER, false, threads),
    OPTION("thread-base", NUMBER, false, thread_base),
    OPTION("rate", NUMBER, false, rate),
    OPTION("commits", NUMBER, false, commits),
    OPTION("sync", FLAG, false, sync),
    OPTION("nosync", FLAG, false, nosync),
    OPTION("write-nosync", FLAG, false, write_nosync),
    OPTION("ack", TEXT, false, ack),
    OPTION("latencies", TEXT, false, latencies),
    OPTION("checkpoint-ms", NUMBER, false, checkpoint_ms),
    OPTION("long-ms", NUMBER, false, long_ms),
    OPTION("churn", FLAG, false, churn),
    OPTION("churn-extents", FLAG, false, churn_extents),
    OPTION("recover", FLAG, false, recover),
    OPTION("recover-fatal", FLAG, false, recover_fatal),
    OPTION("pid-file", TEXT, false, pid_file),
    OPTION("hold", FLAG, false, hold),
    OPTION("live", FLAG, false, live),
    OPTION("ack-before", NUMBER, false, ack_before),
    OPTION("expect-min-journal", NUMBER, false, expect_min_journal),
    OPTION("records", NUMBER, false, records),
    OPTION("many", NUMBER, false, many),
    OPTION("mark", NUMBER, false, mark),
    OPTION("account", NUMBER, false, account),
    OPTION("timeout", NUMBER, false, timeout),
    OPTION("db", TEXT, false, db),
    OPTION("to", TEXT, false, to),
    OPTION("key", TEXT, false, key),
    OPTION("value", TEXT, false, value),
    OPTION("absolute", FLAG, false, absolute),
    OPTION("close-nosync", FLAG, false, close_nosync),
    OPTION("outside", FLAG, false, outside),
    OPTION("remove", FLAG, false, remove),
    OPTION("force", FLAG, false, force),
};

enum { SPEC_COUNT = sizeof(specs) / sizeof(specs[0]) };

static const struct {
    const char *name;
    DBTYPE type;
} type_names[] = {
    {"btree", DB_BTREE}, {"hash", DB_HASH}, {"recno", DB_RECNO}, {"queue", DB_QUEUE}, {"heap", DB_HEAP},
};

void usage(const char *why, const char *what)
{
    fprintf(stderr, "bdb-writer: %s%s%s\n", why, what != NULL ? ": " : "", what != NULL ? what : "");
    fprintf(stderr, "usage: bdb-writer MODE --home DIRECTORY [options]\n"
                    "modes: init run check bulk bulk-check create rename remove checkpoint count put\n"
                    "       prepare resolve corrupt hotbackup-hold remove-environment die archive archive-time\n"
                    "       hold replay many many-check\n");
    exit(EXIT_USAGE);
}

const char *type_name(DBTYPE type)
{
    for (size_t i = 0; i < sizeof(type_names) / sizeof(type_names[0]); i++)
        if (type_names[i].type == type)
            return type_names[i].name;
    return "unknown";
}

bool type_from_name(const char *name, DBTYPE *type)
{
    for (size_t i = 0; i < sizeof(type_names) / sizeof(type_names[0]); i++)
        if (strcmp(type_names[i].name, name) == 0) {
            *type = type_names[i].type;
            return true;
        }
    return false;
}

static const struct spec *find(const char *name)
{
    for (size_t i = 0; i < SPEC_COUNT; i++)
        if (strcmp(specs[i].name, name) == 0)
            return &specs[i];
    usage("no such option", name);
}

static char *copy(const char *text)
{
    char *result = strdup(text);

    if (result == NULL)
        usage("out of memory", NULL);
    return result;
}

static void assign(struct options *options, const struct spec *spec, const char *value, bool remembered)
{
    void *field = (char *)options + spec->offset;
    struct list *list;
    char *end;

    switch (spec->kind) {
    case TEXT:
        free(*(char **)field);
        *(char **)field = copy(value);
        break;
    case NUMBER:
        errno = 0;
        *(uint64_t *)field = strtoull(value, &end, 10);
        if (errno != 0 || end == value || *end != '\0')
            usage("not a number", value);
        break;
    case FLAG:
        *(bool *)field = true;
        break;
    case LIST:
        list = field;
        if (list->remembered && !remembered) {
            for (size_t i = 0; i < list->count; i++)
                free(list->item[i]);
            list->count = 0;
        }
        list->remembered = remembered;
        if (list->count == MAX_LIST)
            usage("too many of", spec->name);
        list->item[list->count++] = copy(value);
        break;
    }
}

static void read_remembered(struct options *options)
{
    char path[PATH_MAX];
    char line[PATH_MAX];
    FILE *file;

    snprintf(path, sizeof(path), "%s/bdb-writer.conf", options->home);
    file = fopen(path, "r");
    if (file == NULL)
        return;
    while (fgets(line, sizeof(line), file) != NULL) {
        char *value;

        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "--", 2) != 0)
            continue;
        value = strchr(line, ' ');
        if (value != NULL)
            *value++ = '\0';
        assign(options, find(line + 2), value != NULL ? value : "", true);
    }
    fclose(file);
}

void options_remember(const struct options *options)
{
    char path[PATH_MAX];
    FILE *file;

    snprintf(path, sizeof(path), "%s/bdb-writer.conf", options->home);
    file = fopen(path, "w");
    if (file == NULL)
        usage("cannot write", path);
    for (size_t i = 0; i < SPEC_COUNT; i++) {
        const void *field = (const char *)options + specs[i].offset;
        const struct list *list = field;

        if (!specs[i].kept)
            continue;
        if (specs[i].kind == TEXT && *(char *const *)field != NULL)
            fprintf(file, "--%s %s\n", specs[i].name, *(char *const *)field);
        else if (specs[i].kind == NUMBER)
            fprintf(file, "--%s %llu\n", specs[i].name, (unsigned long long)*(const uint64_t *)field);
        else if (specs[i].kind == FLAG && *(const bool *)field)
            fprintf(file, "--%s\n", specs[i].name);
        else if (specs[i].kind == LIST)
            for (size_t n = 0; n < list->count; n++)
                fprintf(file, "--%s %s\n", specs[i].name, list->item[n]);
    }
    if (fclose(file) != 0)
        usage("cannot write", path);
}

static void set_types(struct options *options)
{
    char *names = copy(options->types);
    char *rest = NULL;
    for (char *name = strtok_r(names, ",", &rest); name != NULL; name = strtok_r(NULL, ",", &rest)) {
        if (options->type_count == MAX_TYPES)
            usage("too many types", options->types);
        if (!type_from_name(name, &options->type[options->type_count++]))
            usage("no such type", name);
    }
    free(names);
    if (options->type_count == 0)
        usage("no types", NULL);
}

static void set_defaults(struct options *options)
{
    memset(options, 0, sizeof(*options));
    options->types = copy("btree,hash,recno,queue,heap");
    options->databases = 1;
    options->cache = 8 << 20;
    options->log_size = 1 << 20;
    options->extent = 4;
    options->accounts = 1000;
    options->value_size = 100;
    options->seconds = 10;
    options->threads = 2;
    options->checkpoint_ms = 500;
    options->ack_before = UINT64_MAX;
    options->records = 1000;
}

static void read_arguments(struct options *options, int argc, char **argv, bool only_home)
{
    for (int i = 2; i < argc; i++) {
        const struct spec *spec;
        const char *value = "";

        if (strncmp(argv[i], "--", 2) != 0) {
            options->argument = argv[i];
            continue;
        }
        spec = find(argv[i] + 2);
        if (spec->kind != FLAG) {
            if (++i == argc)
                usage("a value is missing", spec->name);
            value = argv[i];
        }
        if (only_home == (strcmp(spec->name, "home") == 0))
            assign(options, spec, value, false);
    }
}

void options_read(struct options *options, int argc, char **argv)
{
    set_defaults(options);
    if (argc < 2)
        usage("no mode", NULL);
    options->mode = argv[1];
    read_arguments(options, argc, argv, true);
    if (options->home == NULL)
        usage("--home is needed", NULL);
    if (strcmp(options->mode, "init") != 0)
        read_remembered(options);
    read_arguments(options, argc, argv, false);
    set_types(options);
    if (options->password_file != NULL) {
        char *absolute = realpath(options->password_file, NULL);

        if (absolute == NULL)
            usage("no such file", options->password_file);
        free(options->password_file);
        options->password_file = absolute;
    }
    options->churn = options->churn || options->churn_extents;
    if (options->commits != 0 && options->seconds == 10)
        options->seconds = 0; /* the number of commits is the end then */
    if (options->accounts < 2 || options->databases == 0 || options->databases > 8)
        usage("at least 2 accounts, 1 to 8 databases", NULL);
}
