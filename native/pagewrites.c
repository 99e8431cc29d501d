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
  jobject writes; /* PageWrites; NULL if nobody listens */
  jbyteArray changed;
  unsigned char page[LARGEST_PAGE];
} *watch;

/* size is 0 for what is not known. */
static void tell(int fd, size_t size, off_t offset) {
  struct call *call = call_current();
  struct stat status;
  if (call == NULL || call->thrown != NULL || fstat(fd, &status) != 0) {
    return; /* of what is not open nothing has been written; what was thrown ends the recovery without a checksum */
  }
  if (size > 0) {
    (*call->jni)->SetByteArrayRegion(call->jni, watch->changed, 0, (jsize)size, (const jbyte *)watch->page);
  }
  (*call->jni)->CallVoidMethod(call->jni, watch->writes, shim_ids.writes_changed, (jlong)status.st_dev,
                               (jlong)status.st_ino, (jlong)status.st_size,
                               (jlong)status.st_mtim.tv_sec * NANOS + (jlong)status.st_mtim.tv_nsec, (jlong)offset,
                               (jint)size);
  (void)call_keep_exception(call);
}

/* Before a page is written: what is there, and not yet behind the file's end, is needed to tell what changes. */
static void tell_page(int fd, const void *page, size_t size, off_t offset) {
  if (size > LARGEST_PAGE) {
    tell(fd, 0, 0);
    return;
  }
  size_t have = 0;
  ssize_t got = 1;
  while (have < size && got > 0) {
    got = pread(fd, watch->page + have, size - have, offset + (off_t)have);
    if (got < 0 && errno == EINTR) {
      got = 1;
    } else if (got < 0) {
      tell(fd, 0, 0);
      return;
    } else {
      have += (size_t)got;
    }
  }
  memset(watch->page + have, 0, size - have);
  const unsigned char *bytes = page;
  for (size_t i = 0; i < size; i++) {
    watch->page[i] ^= bytes[i];
  }
  tell(fd, size, offset);
}

ssize_t page_writes_write(int fd, const void *page, size_t size, off_t offset) {
  if (watch == NULL) {
    return pwrite(fd, page, size, offset);
  }
  tell_page(fd, page, size, offset);
  ssize_t written = pwrite(fd, page, size, offset);
  if (written != (ssize_t)size) {
    int code = errno;
    tell(fd, 0, 0);
    errno = code;
  }
  return written;
}

static int seek(int fd, off_t offset, int whence) {
  if (watch != NULL) {
    tell(fd, 0, 0);
  }
  return lseek(fd, offset, whence) == -1 ? errno : 0;
}

static int truncate_file(int fd, off_t length) {
  if (watch != NULL) {
    tell(fd, 0, 0);
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
  watch = malloc(sizeof(*watch));
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
