/*
 * libdb makes a region file one byte shorter than the memory that it maps of it (`__db_file_extend`), and has no file
 * system keep what lies behind a file's end: the last byte of a cache becomes zero, and with it the last byte of a page.
 * That harms the application, and is none of what its standby is tested for; so the file gets that byte here.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef ssize_t write_function(int, const void *, size_t);

static int is_region_file(int fd)
{
    char link[64];
    char path[4096];
    const char *name;
    ssize_t length;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof(path) - 1);
    if (length < 0)
        return 0;
    path[length] = '\0';
    name = strrchr(path, '/');
    return name != NULL && strncmp(name, "/__db.0", 7) == 0;
}

/* In place of the C library's, for libdb too: it ends a file by writing one byte. */
ssize_t write(int fd, const void *bytes, size_t size)
{
    static _Atomic(write_function *) next;
    write_function *real = next;
    ssize_t written;

    if (real == NULL) {
        *(void **)&real = dlsym(RTLD_NEXT, "write");
        next = real;
    }
    written = real(fd, bytes, size);
    if (size == 1 && written == 1 && is_region_file(fd))
        (void)real(fd, bytes, size); /* if it can't have it, it is as short as libdb makes it */
    return written;
}
