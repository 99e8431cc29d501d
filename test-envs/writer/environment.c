#include "environment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MUTEXES = 20000 };

static void on_error(const DB_ENV *env, const char *prefix, const char *message)
{
    (void)env;
    (void)prefix;
    fprintf(stderr, "bdb-writer: %s\n", message);
}

void library_error(int ret, const char *what)
{
    fprintf(stderr, "bdb-writer: %s: %s\n", what, db_strerror(ret));
    fflush(NULL);
    /* _exit: a broken environment must not be closed, that could hang. */
    _exit(EXIT_LIBRARY);
}

void must(int ret, const char *what)
{
    if (ret != 0)
        library_error(ret, what);
}

bool is_deadlock(int ret)
{
    return ret == DB_LOCK_DEADLOCK || ret == DB_LOCK_NOTGRANTED;
}

static void make_directories(const char *path)
{
    char part[1024];
    int length = snprintf(part, sizeof(part), "%s", path);

    if (length < 0 || (size_t)length >= sizeof(part))
        usage("path too long", path);
    for (char *slash = part + 1; *slash != '\0'; slash++)
        if (*slash == '/') {
            *slash = '\0';
            mkdir(part, 0777);
            *slash = '/';
        }
    if (mkdir(part, 0777) != 0 && errno != EEXIST)
        library_error(errno, part);
}

static void under_home(const struct options *options, const char *name, char *path, size_t size)
{
    int length;

    if (name[0] == '/')
        length = snprintf(path, size, "%s", name);
    else
        length = snprintf(path, size, "%s/%s", options->home, name);
    if (length < 0 || (size_t)length >= size)
        usage("path too long", name);
}

static bool config_value(const char *line, const char *name, char *value, size_t size)
{
    size_t length = strlen(name);

    if (strncmp(line, name, length) != 0 || (line[length] != ' ' && line[length] != '\t'))
        return false;
    line += length + strspn(line + length, " \t");
    snprintf(value, size, "%.*s", (int)strcspn(line, "\r\n"), line);
    return true;
}

static FILE *open_config(const struct options *options, const char *how)
{
    char path[1024];

    under_home(options, "DB_CONFIG", path, sizeof(path));
    return fopen(path, how);
}

size_t environment_data_dirs(const struct options *options, char dirs[][256], size_t max)
{
    FILE *file = open_config(options, "r");
    char line[1024];
    size_t count = 0;

    while (file != NULL && count < max && fgets(line, sizeof(line), file) != NULL)
        if (config_value(line, "add_data_dir", dirs[count], 256) ||
            config_value(line, "set_data_dir", dirs[count], 256))
            count++;
    if (file != NULL)
        fclose(file);
    for (size_t i = 0; i < options->data_dirs.count && count < max; i++)
        snprintf(dirs[count++], 256, "%s", options->data_dirs.item[i]);
    return count;
}

size_t environment_database_dirs(const struct options *options, char dirs[][1024], size_t max)
{
    char names[2 * MAX_LIST][256];
    size_t count = environment_data_dirs(options, names, max < 2 * MAX_LIST ? max : 2 * MAX_LIST);

    if (count == 0)
        snprintf(names[count++], sizeof(names[0]), ".");
    for (size_t i = 0; i < count; i++) {
        char name[600];
        int length = snprintf(name, sizeof(name), "%s/%s", names[i], options->subdir != NULL ? options->subdir : ".");

        if (length < 0 || (size_t)length >= sizeof(name))
            usage("path too long", names[i]);
        under_home(options, name, dirs[i], 1024);
    }
    return count;
}

void environment_prepare(const struct options *options)
{
    char dirs[2 * MAX_LIST][1024];
    char path[1024];
    char line[1024];
    char value[256];
    size_t count;
    FILE *file;

    make_directories(options->home);
    if (options->config.count != 0) {
        file = open_config(options, "a");
        if (file == NULL)
            library_error(errno, "DB_CONFIG");
        for (size_t i = 0; i < options->config.count; i++)
            fprintf(file, "%s\n", options->config.item[i]);
        fclose(file);
    }
    count = environment_database_dirs(options, dirs, 2 * MAX_LIST);
    for (size_t i = 0; i < count; i++)
        make_directories(dirs[i]);
    if (options->log_dir != NULL) {
        under_home(options, options->log_dir, path, sizeof(path));
        make_directories(path);
    }
    file = open_config(options, "r");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        if (config_value(line, "set_lg_dir", value, sizeof(value)) ||
            config_value(line, "set_tmp_dir", value, sizeof(value))) {
            under_home(options, value, path, sizeof(path));
            make_directories(path);
        }
    if (file != NULL)
        fclose(file);
}

static void set_password(DB_ENV *env, const char *path)
{
    char password[256];
    FILE *file = fopen(path, "r");

    if (file == NULL)
        library_error(errno, path);
    if (fgets(password, sizeof(password), file) == NULL)
        usage("no password in", path);
    fclose(file);
    password[strcspn(password, "\r\n")] = '\0';
    must(env->set_encrypt(env, password, DB_ENCRYPT_AES), "set_encrypt");
    memset(password, 0, sizeof(password));
}

static DB_ENV *create(const struct options *options)
{
    DB_ENV *env;

    must(db_env_create(&env, 0), "db_env_create");
    env->set_errcall(env, on_error);
    if (options->password_file != NULL)
        set_password(env, options->password_file);
    return env;
}

static void configure(DB_ENV *env, const struct options *options, enum open_how how)
{
    uint64_t page_size = options->page_size != 0 ? options->page_size : 4096;

    must(env->set_cachesize(env, (uint32_t)(options->cache >> 30), (uint32_t)(options->cache & 0x3fffffff), 1),
         "set_cachesize");
    for (size_t i = 0; i < options->data_dirs.count; i++)
        must(env->add_data_dir(env, options->data_dirs.item[i]), "add_data_dir");
    /* Small pages and many extents need more mutexes than libdb reckons with. */
    must(env->mutex_set_increment(env, MUTEXES + 2 * (uint32_t)(options->cache / page_size)), "mutex_set_increment");
    if (options->no_txn || how == OPEN_FILES)
        return;
    if (options->log_dir != NULL)
        must(env->set_lg_dir(env, options->log_dir), "set_lg_dir");
    must(env->set_lg_max(env, (uint32_t)options->log_size), "set_lg_max");
    if (options->log_buffer != 0)
        must(env->set_lg_bsize(env, (uint32_t)options->log_buffer), "set_lg_bsize");
    else if (options->log_in_memory)
        must(env->set_lg_bsize(env, (uint32_t)options->log_size * 32), "set_lg_bsize");
    if (options->log_in_memory)
        must(env->log_set_config(env, DB_LOG_IN_MEMORY, 1), "log_set_config");
    if (options->auto_remove)
        must(env->log_set_config(env, DB_LOG_AUTO_REMOVE, 1), "log_set_config");
    must(env->set_lk_max_locks(env, 100000), "set_lk_max_locks");
    must(env->set_lk_max_lockers(env, 10000), "set_lk_max_lockers");
    must(env->set_lk_max_objects(env, 100000), "set_lk_max_objects");
    must(env->set_lk_detect(env, DB_LOCK_MINWRITE), "set_lk_detect");
    must(env->set_tx_max(env, 1000), "set_tx_max");
}

DB_ENV *environment_open(const struct options *options, enum open_how how)
{
    uint32_t flags = DB_INIT_MPOOL | DB_THREAD;
    DB_ENV *env = create(options);

    configure(env, options, how);
    if (how != OPEN_JOIN)
        flags |= DB_CREATE;
    if (how == OPEN_FILES)
        flags |= DB_PRIVATE;
    else
        flags |= DB_INIT_LOCK | (options->no_txn ? 0 : DB_INIT_LOG | DB_INIT_TXN);
    if (options->private_regions)
        flags |= DB_PRIVATE | DB_CREATE;
    if (how == OPEN_RECOVER || how == OPEN_RECOVER_PRIVATE)
        flags |= DB_RECOVER;
    if (how == OPEN_RECOVER_FATAL_PRIVATE || how == OPEN_REPLAY)
        flags |= DB_RECOVER_FATAL;
    if (how == OPEN_REPLAY)
        flags &= ~(uint32_t)(DB_INIT_LOCK | DB_THREAD); /* as db_recover has it: neither locks nor mutexes */
    if (how == OPEN_RECOVER_PRIVATE || how == OPEN_RECOVER_FATAL_PRIVATE || how == OPEN_REPLAY)
        flags |= DB_PRIVATE;
    must(env->open(env, options->home, flags, 0), "opening the environment");
    return env;
}

bool environment_is_transactional(DB_ENV *env)
{
    uint32_t flags;

    must(env->get_open_flags(env, &flags), "get_open_flags");
    return (flags & DB_INIT_TXN) != 0;
}

void environment_close(DB_ENV *env)
{
    must(env->close(env, 0), "closing the environment");
}

void environment_remove(const struct options *options)
{
    DB_ENV *env = create(options);

    must(env->remove(env, options->home, options->force ? DB_FORCE : 0), "removing the environment");
}
