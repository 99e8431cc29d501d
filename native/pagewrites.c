/*
 * What a recovery writes to files, told page by page as what changes in them: from that and a file's checksum before,
 * its checksum afterwards is known without reading it. What is written in any other way than by pages is told as
 * unknown; libdb seeks before that, and only then.
 */
#include "shim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST_PAGE = 65536 };

static const jlong NANOS = 1000000000;

/* Of the recovery that runs on this thread. */
static _Thread_local struct {
  jobject writes; /* PageWrites */
  jbyteArray changed;
  bool ignoring; /* the file below, of which nobody wants to know more */
  dev_t device;
  ino_t inode;
  uint64_t page[LARGEST_PAGE / sizeof(uint64_t)];
} *watch;

static bool is_ignored(const struct stat *status) {
  return watch->ignoring && watch->device == status->st_dev && watch->inode == status->st_ino;
}

/* size is 0 for what is not known. */
static void tell(const struct stat *status, size_t size, off_t offset) {
  struct call *call = call_current();
  if (call == NULL || call->thrown != NULL) {
    return; /* what was thrown ends the recovery without a checksum */
  }
  if (size > 0) {
    (*call->jni)->SetByteArrayRegion(call->jni, watch->changed, 0, (jsize)size, (const jbyte *)watch->page);
  }
  jboolean more = (*call->jni)->CallBooleanMethod(
      call->jni, watch->writes, shim_ids.writes_changed, (jlong)status->st_dev, (jlong)status->st_ino,
      (jlong)status->st_size, (jlong)status->st_mtim.tv_sec * NANOS + (jlong)status->st_mtim.tv_nsec, (jlong)offset,
      (jint)size);
  (void)call_keep_exception(call);
  if (!more) {
    watch->ignoring = true;
    watch->device = status->st_dev;
    watch->inode = status->st_ino;
  }
}

static void tell_unknown(int fd) {
  struct stat status;
  if (fstat(fd, &status) == 0 && !is_ignored(&status)) {
    tell(&status, 0, 0);
  }
}

/* What is there, and zeros behind the file's end; false if it can't be read. */
static bool read_page(int fd, size_t size, off_t offset) {
  char *page = (char *)watch->page;
  size_t have = 0;
  while (have < size) {
    ssize_t got = pread(fd, page + have, size - have, offset + (off_t)have);
    if (got == 0) {
      memset(page + have, 0, size - have);
      return true;
    }
    if (got > 0) {
      have += (size_t)got;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

/* Before a page is written: what changes in it is what is there now, exclusive-or what will be. */
static void tell_page(int fd, const void *page, size_t size, off_t offset) {
  struct stat status;
  if (fstat(fd, &status) != 0 || is_ignored(&status)) {
    return; /* to what is not open nothing is written */
  }
  if (size > LARGEST_PAGE || size % sizeof(uint64_t) != 0 || !read_page(fd, size, offset)) {
    tell(&status, 0, 0);
    return;
  }
  const char *bytes = page;
  for (size_t i = 0; i < size / sizeof(uint64_t); i++) {
    uint64_t word;
    memcpy(&word, bytes + i * sizeof(word), sizeof(word));
    watch->page[i] ^= word;
  }
  tell(&status, size, offset);
}

ssize_t page_writes_write(int fd, const void *page, size_t size, off_t offset) {
  if (watch == NULL) {
    return pwrite(fd, page, size, offset);
  }
  tell_page(fd, page, size, offset);
  ssize_t written = pwrite(fd, page, size, offset);
  if (written != (ssize_t)size) {
    int code = errno;
    tell_unknown(fd);
    errno = code;
  }
  return written;
}

static int seek(int fd, off_t offset, int whence) {
  if (watch != NULL) {
    tell_unknown(fd);
  }
  return lseek(fd, offset, whence) == -1 ? errno : 0;
}

static int truncate_file(int fd, off_t length) {
  if (watch != NULL) {
    tell_unknown(fd);
  }
  int code;
  do {
    code = ftruncate(fd, length) == -1 ? errno : 0;
  } while (code == EINTR);
  return code;
}

void JNICALL shim_page_writes_begin(JNIEnv *jni, jclass type, jobject writes, jbyteArray changed) {
  struct call call;
  (void)type;
  call_begin(&call, jni, NULL, "watching page writes");
  int code = 0;
  watch = calloc(1, sizeof(*watch));
  if (watch == NULL) {
    code = ENOMEM;
  } else {
    watch->writes = (*jni)->NewGlobalRef(jni, writes);
    watch->changed = (jbyteArray)(*jni)->NewGlobalRef(jni, changed);
    code = watch->writes == NULL || watch->changed == NULL ? ENOMEM : 0;
  }
  if (code == 0) {
    code = db_env_set_func_seek(seek);
  }
  if (code == 0) {
    code = db_env_set_func_ftruncate(truncate_file);
  }
  if (code == 0) {
    code = double_write_hook();
  }
  (void)call_end(&call, code);
}

void JNICALL shim_page_writes_end(JNIEnv *jni, jclass type) {
  (void)type;
  if (watch != NULL) {
    (*jni)->DeleteGlobalRef(jni, watch->writes);
    (*jni)->DeleteGlobalRef(jni, watch->changed);
    free(watch);
    watch = NULL;
  }
}
