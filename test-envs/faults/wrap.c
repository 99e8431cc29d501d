/*
 * libc's calls that change files, each a point at which a fault may be made. Loaded before libc (LD_PRELOAD), so
 * that the Java machine and libdb come by here. The 64-bit names are the same calls on the machines we build for.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "point.h"

#pragma GCC visibility push(default)

_Static_assert(sizeof(off_t) == 8, "the 64-bit names stand for the same calls");

enum { PAGE = 4096, MOST_PARTS = 64 };

/* The function that would have been called without us. ISO C knows no conversion of data to functions. */
#define NEXT(name)                                                                                                     \
    static __typeof__(&(name)) next;                                                                                   \
    if (next == NULL) {                                                                                                \
        void *found = dlsym(RTLD_NEXT, #name);                                                                         \
        if (found == NULL)                                                                                             \
            abort();                                                                                                   \
        memcpy(&next, &found, sizeof(next));                                                                           \
    }

/* An operation that has no halves. */
#define WHOLE(decision, call)                                                                                          \
    do {                                                                                                               \
        enum verdict judged = (decision);                                                                              \
        int result;                                                                                                    \
        if (judged == FAIL || judged == CUT_SHORT)                                                                     \
            return -1;                                                                                                 \
        if (judged == DIE_MIDWAY)                                                                                      \
            point_die();                                                                                               \
        result = (call);                                                                                               \
        if (judged == DIE_AFTER)                                                                                       \
            point_die();                                                                                               \
        return result;                                                                                                 \
    } while (0)

/*
 * How much of a write is done when it is cut. The kernel ends a write to a file between its own pages only, so a
 * page of a database that is no larger is there or not.
 */
static size_t half(int descriptor, size_t count)
{
    size_t part = count / 2;

    return point_is_database(descriptor) ? part - part % PAGE : part;
}

/* What a write must do: how many bytes, and whether to die then. */
static bool cut(enum verdict verdict, int descriptor, size_t *count)
{
    if (verdict == DIE_MIDWAY || verdict == CUT_SHORT)
        *count = half(descriptor, *count);
    return verdict == DIE_MIDWAY || verdict == DIE_AFTER;
}

#define WRITING(descriptor, count, call)                                                                               \
    do {                                                                                                               \
        enum verdict verdict = point_descriptor("write", descriptor);                                                  \
        bool last = cut(verdict, descriptor, &(count));                                                                \
        ssize_t result;                                                                                                \
        if (verdict == CUT_SHORT && (count) == 0) {                                                                    \
            errno = ENOSPC;                                                                                            \
            return -1;                                                                                                 \
        }                                                                                                              \
        if (verdict == FAIL)                                                                                           \
            return -1;                                                                                                 \
        result = (count) == 0 && last ? 0 : (call);                                                                    \
        if (last)                                                                                                      \
            point_die();                                                                                               \
        return result;                                                                                                 \
    } while (0)

ssize_t write(int descriptor, const void *bytes, size_t count)
{
    NEXT(write)
    WRITING(descriptor, count, next(descriptor, bytes, count));
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset)
{
    NEXT(pwrite)
    WRITING(descriptor, count, next(descriptor, bytes, count, offset));
}

/* The first parts of a vector, as many as hold so many bytes. */
static int first_parts(struct iovec *to, const struct iovec *from, int parts, size_t bytes)
{
    int kept = 0;

    for (int i = 0; i < parts && i < MOST_PARTS && bytes > 0; i++) {
        to[kept] = from[i];
        if (to[kept].iov_len > bytes)
            to[kept].iov_len = bytes;
        bytes -= to[kept++].iov_len;
    }
    return kept;
}

static size_t length_of(const struct iovec *vector, int parts)
{
    size_t bytes = 0;

    for (int i = 0; i < parts; i++)
        bytes += vector[i].iov_len;
    return bytes;
}

ssize_t writev(int descriptor, const struct iovec *vector, int parts)
{
    NEXT(writev)
    struct iovec kept[MOST_PARTS];
    size_t whole = length_of(vector, parts);
    size_t count = whole;

    WRITING(descriptor, count,
            count == whole ? next(descriptor, vector, parts)
                           : next(descriptor, kept, first_parts(kept, vector, parts, count)));
}

ssize_t pwritev(int descriptor, const struct iovec *vector, int parts, off_t offset)
{
    NEXT(pwritev)
    struct iovec kept[MOST_PARTS];
    size_t whole = length_of(vector, parts);
    size_t count = whole;

    WRITING(descriptor, count,
            count == whole ? next(descriptor, vector, parts, offset)
                           : next(descriptor, kept, first_parts(kept, vector, parts, count), offset));
}

ssize_t sendfile(int to, int from, off_t *offset, size_t count)
{
    NEXT(sendfile)
    WRITING(to, count, next(to, from, offset, count));
}

ssize_t copy_file_range(int from, off_t *from_offset, int to, off_t *to_offset, size_t count, unsigned int flags)
{
    NEXT(copy_file_range)
    WRITING(to, count, next(from, from_offset, to, to_offset, count, flags));
}

int ftruncate(int descriptor, off_t length)
{
    NEXT(ftruncate)
    WHOLE(point_descriptor("truncate", descriptor), next(descriptor, length));
}

int fallocate(int descriptor, int mode, off_t offset, off_t length)
{
    NEXT(fallocate)
    WHOLE(point_descriptor("allocate", descriptor), next(descriptor, mode, offset, length));
}

int fsync(int descriptor)
{
    NEXT(fsync)
    WHOLE(point_descriptor("fsync", descriptor), next(descriptor));
}

int fdatasync(int descriptor)
{
    NEXT(fdatasync)
    WHOLE(point_descriptor("fsync", descriptor), next(descriptor));
}

int syncfs(int descriptor)
{
    NEXT(syncfs)
    WHOLE(point_descriptor("syncfs", descriptor), next(descriptor));
}

/* Opening counts where it makes or empties a file; to read it, only for who asks for that. */
static enum verdict opening(int directory, const char *path, int flags)
{
    int saved = errno;
    bool creates = (flags & O_CREAT) != 0 && faccessat(directory, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0;

    errno = saved; /* some callers look at it after a call that went well */
    if (creates || (flags & O_TRUNC) != 0)
        return point_path("create", directory, path);
    return point_is_at("open") && (flags & O_ACCMODE) == O_RDONLY ? point_path("open", directory, path) : PASS;
}

/* O_TMPFILE is not asked for by anything here. */
#define MODE(flags)                                                                                                    \
    mode_t mode = 0;                                                                                                   \
    if (((flags) & O_CREAT) != 0) {                                                                                    \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        mode = va_arg(arguments, mode_t);                                                                              \
        va_end(arguments);                                                                                             \
    }

int open(const char *path, int flags, ...)
{
    NEXT(open)
    MODE(flags)
    WHOLE(opening(AT_FDCWD, path, flags), next(path, flags, mode));
}

int openat(int directory, const char *path, int flags, ...)
{
    NEXT(openat)
    MODE(flags)
    WHOLE(opening(directory, path, flags), next(directory, path, flags, mode));
}

int rename(const char *from, const char *to)
{
    NEXT(rename)
    WHOLE(point_path("rename", AT_FDCWD, to), next(from, to));
}

int renameat(int from_directory, const char *from, int to_directory, const char *to)
{
    NEXT(renameat)
    WHOLE(point_path("rename", to_directory, to), next(from_directory, from, to_directory, to));
}

int renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned int flags)
{
    NEXT(renameat2)
    WHOLE(point_path("rename", to_directory, to), next(from_directory, from, to_directory, to, flags));
}

int unlink(const char *path)
{
    NEXT(unlink)
    WHOLE(point_path("unlink", AT_FDCWD, path), next(path));
}

int unlinkat(int directory, const char *path, int flags)
{
    NEXT(unlinkat)
    WHOLE(point_path((flags & AT_REMOVEDIR) != 0 ? "rmdir" : "unlink", directory, path),
          next(directory, path, flags));
}

int rmdir(const char *path)
{
    NEXT(rmdir)
    WHOLE(point_path("rmdir", AT_FDCWD, path), next(path));
}

int mkdir(const char *path, mode_t mode)
{
    NEXT(mkdir)
    WHOLE(point_path("mkdir", AT_FDCWD, path), next(path, mode));
}

int link(const char *from, const char *to)
{
    NEXT(link)
    WHOLE(point_path("link", AT_FDCWD, to), next(from, to));
}

/* The same under their other names. */
ssize_t pwrite64(int, const void *, size_t, off_t) __attribute__((alias("pwrite")));
ssize_t pwritev64(int, const struct iovec *, int, off_t) __attribute__((alias("pwritev")));
ssize_t sendfile64(int, int, off_t *, size_t) __attribute__((alias("sendfile")));
int ftruncate64(int, off_t) __attribute__((alias("ftruncate")));
int fallocate64(int, int, off_t, off_t) __attribute__((alias("fallocate")));
int open64(const char *, int, ...) __attribute__((alias("open")));
int openat64(int, const char *, int, ...) __attribute__((alias("openat")));
