#include "point.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "names.h"

enum { MOST_NAMES = 1024, NAME_SIZE = 400, PATH_SIZE = 4096 };

static struct counted {
    char name[NAME_SIZE];
    unsigned long count;
} counted[MOST_NAMES];
static size_t name_count;
static unsigned long total;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static bool watching;
static int trace = -1;

/* The operation to fault: its name and which of that name, or which of all. */
static char wanted[NAME_SIZE];
static unsigned long wanted_count;
static enum verdict first_verdict = PASS;
static int failure;    /* errno of the fault */
static bool lasting;   /* the fault stays */
static bool delivered; /* the fault has happened */

static void read_action(const char *action)
{
    static const struct {
        const char *word;
        enum verdict verdict;
        int failure;
        bool lasting;
    } actions[] = {
        {"kill-before", DIE_BEFORE, 0, false}, {"kill-midway", DIE_MIDWAY, 0, false},
        {"kill-after", DIE_AFTER, 0, false},   {"stop-before", STOP_BEFORE, 0, false},
        {"enospc", FAIL, ENOSPC, false},       {"enospc-on", CUT_SHORT, ENOSPC, true},
        {"eio", FAIL, EIO, false},             {"eio-on", FAIL, EIO, true},
    };

    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        if (strcmp(actions[i].word, action) == 0) {
            first_verdict = actions[i].verdict;
            failure = actions[i].failure;
            lasting = actions[i].lasting;
            return;
        }
    abort();
}

static void read_point(const char *at)
{
    const char *mark = strrchr(at, '#');

    if (mark != NULL)
        snprintf(wanted, sizeof(wanted), "%.*s", (int)(mark - at), at);
    wanted_count = strtoul(mark != NULL ? mark + 1 : at, NULL, 10);
    if (wanted_count == 0)
        abort();
}

__attribute__((constructor)) static void begin(void)
{
    const char *directories = getenv("BDB_FAULTS_WATCH");
    const char *file = getenv("BDB_FAULTS_TRACE");
    const char *at = getenv("BDB_FAULTS_AT");
    const char *action = getenv("BDB_FAULTS_ACTION");

    if (directories == NULL)
        return;
    names_watch(directories);
    if (file != NULL) {
        trace = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        if (trace < 0)
            abort();
    }
    if (at != NULL && action != NULL) {
        read_point(at);
        read_action(action);
    }
    watching = true;
}

static void note(const char *mark, const char *name)
{
    char line[NAME_SIZE + 8];
    int length = snprintf(line, sizeof(line), "%s%s\n", mark, name);

    if (trace >= 0 && syscall(SYS_write, trace, line, (size_t)length) != length)
        abort();
}

static unsigned long count(const char *name)
{
    for (size_t i = 0; i < name_count; i++)
        if (strcmp(counted[i].name, name) == 0)
            return ++counted[i].count;
    if (name_count == MOST_NAMES)
        abort();
    snprintf(counted[name_count].name, NAME_SIZE, "%s", name);
    return counted[name_count++].count = 1;
}

/* A full disk lets files go and take no more room; a broken one does nothing at all. */
static bool stays_failed(const char *operation)
{
    return failure != ENOSPC || strcmp(operation, "write") == 0 || strcmp(operation, "create") == 0 ||
           strcmp(operation, "allocate") == 0 || strcmp(operation, "mkdir") == 0 || strcmp(operation, "link") == 0;
}

static enum verdict judge(const char *operation, const char *place)
{
    char name[NAME_SIZE];
    enum verdict verdict = PASS;
    unsigned long of_name;

    snprintf(name, sizeof(name), "%s %s", operation, place);
    pthread_mutex_lock(&mutex);
    total++;
    of_name = count(name);
    note("", name);
    if (delivered) {
        if (lasting && stays_failed(operation))
            verdict = FAIL;
    } else if (first_verdict != PASS &&
               (wanted[0] != '\0' ? strcmp(name, wanted) == 0 && of_name == wanted_count : total == wanted_count)) {
        delivered = true;
        note("! ", name);
        verdict = first_verdict;
        if (verdict == DIE_BEFORE)
            point_die(); /* before any other thread does anything */
        if (verdict == STOP_BEFORE) {
            kill(getpid(), SIGSTOP); /* all threads, until somebody lets it go on */
            verdict = PASS;
        }
        if (verdict == CUT_SHORT && strcmp(operation, "write") != 0)
            verdict = FAIL;
    }
    pthread_mutex_unlock(&mutex);
    return verdict;
}

bool point_is_at(const char *operation)
{
    size_t length = strlen(operation);

    return strncmp(wanted, operation, length) == 0 && wanted[length] == ' ';
}

static enum verdict judged(const char *operation, const char *path, bool is_directory, int saved)
{
    char place[PLACE_SIZE];
    enum verdict verdict = names_of(path, is_directory, place) ? judge(operation, place) : PASS;

    errno = verdict == FAIL ? failure : saved;
    return verdict;
}

/* The path that a descriptor stands for now; false if it stands for none. */
static bool path_of(int descriptor, char *path)
{
    static const char gone[] = " (deleted)";
    char link[64];
    ssize_t length;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
    length = readlink(link, path, PATH_SIZE - 1);
    if (length <= 0 || path[0] != '/')
        return false;
    path[length] = '\0';
    if ((size_t)length > sizeof(gone) && strcmp(path + length - (sizeof(gone) - 1), gone) == 0)
        path[(size_t)length - (sizeof(gone) - 1)] = '\0';
    return true;
}

enum verdict point_descriptor(const char *operation, int descriptor)
{
    char path[PATH_SIZE];
    struct stat status;
    int saved = errno;
    enum verdict verdict = PASS;

    if (watching && descriptor != trace && path_of(descriptor, path))
        verdict = judged(operation, path, fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode), saved);
    else
        errno = saved;
    return verdict;
}

enum verdict point_path(const char *operation, int directory, const char *path)
{
    char base[PATH_SIZE];
    char full[2 * PATH_SIZE];
    struct stat status;
    int saved = errno;
    bool is_directory = strcmp(operation, "mkdir") == 0 || strcmp(operation, "rmdir") == 0;

    if (!watching || path == NULL)
        return PASS;
    if (path[0] == '/')
        snprintf(full, sizeof(full), "%s", path);
    else if (directory == AT_FDCWD ? getcwd(base, sizeof(base)) != NULL : path_of(directory, base))
        snprintf(full, sizeof(full), "%s/%s", base, path);
    else {
        errno = saved;
        return PASS;
    }
    if (!is_directory)
        is_directory = lstat(full, &status) == 0 && S_ISDIR(status.st_mode);
    return judged(operation, full, is_directory, saved);
}

bool point_is_database(int descriptor)
{
    char path[PATH_SIZE];
    char place[PLACE_SIZE];

    return path_of(descriptor, path) && names_of(path, false, place) && names_is_database(place);
}

void point_die(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}
