/*
 * Page writes that a kill can't tear. The kernel ends a killed process's write between its own pages; a database's
 * may be larger. So each such page goes to a slot first: one of the two is always whole.
 */
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KERNEL_PAGE = 4096, LARGEST_PAGE = 65536, FIELDS = 7 };

/* DoubleWrite.java reads it. */
struct slot_header {
  uint64_t magic;
  uint64_t hash; /* of all that follows it, the page too */
  uint64_t size;
  uint64_t offset;
  uint64_t inode;
  uint64_t slot_inode; /* its own: elsewhere it is a copy */
  uint64_t name_size;
  char name[KERNEL_PAGE - FIELDS * sizeof(uint64_t)];
};

static const uint64_t SLOT_MAGIC = UINT64_C(0x6264627374627932);
static const uint64_t HASH_START = UINT64_C(0xcbf29ce484222325);
static const uint64_t HASH_PRIME = UINT64_C(0x100000001b3);

/* Of the recovery that runs on this thread. */
static _Thread_local int slot = -1;
static _Thread_local ino_t slot_inode;

static uint64_t hash_words(uint64_t hash, const void *data, size_t size) {
  const char *bytes = data;
  for (size_t at = 0; at + sizeof(uint64_t) <= size; at += sizeof(uint64_t)) {
    uint64_t word;
    memcpy(&word, bytes + at, sizeof(word));
    hash = (hash ^ word) * HASH_PRIME;
  }
  return hash;
}

static bool name_of(int fd, struct slot_header *header) {
  char link[64];
  struct stat status;
  (void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
  ssize_t size = readlink(link, header->name, sizeof(header->name));
  if (size <= 0 || (size_t)size >= sizeof(header->name) || fstat(fd, &status) != 0) {
    return false;
  }
  header->name_size = (uint64_t)size;
  header->inode = (uint64_t)status.st_ino;
  return true;
}

static void keep(int fd, const void *page, size_t size, off_t offset) {
  struct slot_header header;
  memset(&header, 0, sizeof(header));
  if (!name_of(fd, &header)) {
    return;
  }
  header.magic = SLOT_MAGIC;
  header.size = size;
  header.offset = (uint64_t)offset;
  header.slot_inode = (uint64_t)slot_inode;
  const size_t unhashed = 2 * sizeof(uint64_t);
  header.hash = hash_words(HASH_START, (const char *)&header + unhashed, sizeof(header) - unhashed);
  header.hash = hash_words(header.hash, page, size);
  struct iovec parts[] = {{&header, sizeof(header)}, {(void *)(uintptr_t)page, size}};
  /* The room is there since the slot was opened; should it fail all the same, the page is written as ever. */
  ssize_t written = pwritev(slot, parts, 2, 0);
  (void)written;
}

static ssize_t write_page(int fd, const void *page, size_t size, off_t offset) {
  if (slot >= 0 && size > KERNEL_PAGE && size <= LARGEST_PAGE && size % sizeof(uint64_t) == 0) {
    keep(fd, page, size, offset);
  }
  return page_writes_write(fd, page, size, offset);
}

int double_write_hook(void) { return db_env_set_func_pwrite(write_page); }

void JNICALL shim_double_write_begin(JNIEnv *jni, jclass type, jbyteArray path) {
  struct call call;
  int code = 0;
  (void)type;
  call_begin(&call, jni, NULL, "opening a page slot");
  call.subject = bytes_copy(jni, path);
  if (call.subject != NULL) {
    struct stat status;
    int fd = open(call.subject, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    code = fd < 0 || fstat(fd, &status) != 0 ? errno : posix_fallocate(fd, 0, KERNEL_PAGE + LARGEST_PAGE);
    if (code == 0) {
      slot = fd;
      slot_inode = status.st_ino;
      code = double_write_hook();
    } else if (fd >= 0) {
      (void)close(fd);
    }
  }
  (void)call_end(&call, code);
}

void JNICALL shim_double_write_end(JNIEnv *jni, jclass type) {
  (void)jni;
  (void)type;
  if (slot >= 0) {
    (void)close(slot);
    slot = -1;
  }
}
