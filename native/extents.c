/*
 * Extent files of queues that recovery looks for in vain, made for as long as it runs. On its way back through the log
 * libdb 5.3 opens the extent of every append that it undoes; after eight in one queue that are not there its table of
 * extents (__qam_fprobe) is wrong, and with the ninth it writes beyond it. An empty file is to libdb what none is.
 */
#include "shim.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As libdb does where nobody is in between: see __os_openhandle. */
enum { RETRIES = 100, PATIENCE = 3 };

/* Of the recovery that runs on this thread. */
static _Thread_local struct {
  bool running;
  char **names; /* of what was empty, or was made */
  size_t count;
  size_t room;
} extents;

static int open_as_libdb(const char *name, int flags, mode_t mode) {
  int retries = 0;
  for (unsigned turn = 1;; turn++) {
    int fd = open(name, flags | O_CLOEXEC, mode);
    if (fd >= 0) {
      return fd;
    }
    int code = errno;
    bool at_once = (code == EAGAIN || code == EBUSY || code == EINTR) && ++retries < RETRIES;
    bool later = (code == EMFILE || code == ENFILE || code == ENOSPC) && turn < PATIENCE;
    if (later) {
      (void)sleep(2 * turn);
    } else if (!at_once) {
      errno = code;
      return -1;
    }
  }
}

/* dir/__dbq.NAME.NUMBER */
static bool is_extent(const char *path) {
  static const char prefix[] = "__dbq.";
  const char *slash = strrchr(path, '/');
  const char *name = slash == NULL ? path : slash + 1;
  const char *number = strrchr(name, '.');
  if (strncmp(name, prefix, sizeof(prefix) - 1) != 0 || (size_t)(number - name) < sizeof(prefix)) {
    return false;
  }
  do {
    number++;
  } while (isdigit((unsigned char)*number));
  return *number == '\0' && number[-1] != '.';
}

static bool remember(const char *name) {
  if (extents.count == extents.room) {
    size_t room = extents.room == 0 ? 16 : 2 * extents.room;
    char **names = realloc(extents.names, room * sizeof(*names));
    if (names == NULL) {
      return false;
    }
    extents.names = names;
    extents.room = room;
  }
  char *copy = strdup(name);
  if (copy == NULL) {
    return false;
  }
  extents.names[extents.count++] = copy;
  return true;
}

static int open_file(const char *name, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = (mode_t)va_arg(arguments, int);
  va_end(arguments);
  /* Without a mode libdb only looks what a file is. */
  bool ours = extents.running && mode != 0 && (flags & O_CREAT) == 0 && is_extent(name);
  int fd = open_as_libdb(name, flags, mode);
  if (!ours) {
    return fd;
  }
  struct stat status;
  /* One that is there and empty may be from a recovery that was cut off. */
  bool wanted = fd < 0 ? errno == ENOENT : fstat(fd, &status) == 0 && status.st_size == 0;
  if (wanted && !remember(name)) {
    if (fd >= 0) {
      (void)close(fd);
    }
    errno = ENOMEM;
    return -1;
  }
  return fd < 0 && wanted ? open_as_libdb(name, flags | O_CREAT, mode) : fd;
}

void JNICALL shim_extents_begin(JNIEnv *jni, jclass type) {
  struct call call;
  (void)type;
  call_begin(&call, jni, NULL, "watching for extents");
  extents.running = true;
  (void)call_end(&call, db_env_set_func_open(open_file));
}

void JNICALL shim_extents_end(JNIEnv *jni, jclass type) {
  struct stat status;
  (void)jni;
  (void)type;
  extents.running = false;
  for (size_t i = 0; i < extents.count; i++) {
    if (lstat(extents.names[i], &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0) {
      (void)unlink(extents.names[i]);
    }
    free(extents.names[i]);
  }
  free(extents.names);
  extents.names = NULL;
  extents.count = 0;
  extents.room = 0;
}
