/* libdb's and the system's numbers by name, so that Java repeats none of them. */
#include "shim.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONSTANT(name) \
  { #name, (jint)(name) }

static const struct {
  const char *name;
  jint value;
} constants[] = {
    /* DB_ENV->open */
    CONSTANT(DB_CREATE),
    CONSTANT(DB_INIT_CDB),
    CONSTANT(DB_INIT_LOCK),
    CONSTANT(DB_INIT_LOG),
    CONSTANT(DB_INIT_MPOOL),
    CONSTANT(DB_INIT_REP),
    CONSTANT(DB_INIT_TXN),
    CONSTANT(DB_PRIVATE),
    CONSTANT(DB_RECOVER),
    CONSTANT(DB_RECOVER_FATAL),
    CONSTANT(DB_THREAD),
    /* DB_ENV->log_archive, log_get_config, set_flags, txn_checkpoint, get_encrypt_flags */
    CONSTANT(DB_ARCH_ABS),
    CONSTANT(DB_ARCH_DATA),
    CONSTANT(DB_ARCH_LOG),
    CONSTANT(DB_LOG_IN_MEMORY),
    CONSTANT(DB_HOTBACKUP_IN_PROGRESS),
    CONSTANT(DB_PANIC_ENVIRONMENT),
    CONSTANT(DB_FORCE),
    CONSTANT(DB_ENCRYPT_AES),
    /* DB_LOGC->get */
    CONSTANT(DB_FIRST),
    CONSTANT(DB_LAST),
    CONSTANT(DB_NEXT),
    CONSTANT(DB_SET),
    /* DB->verify */
    CONSTANT(DB_NOORDERCHK),
    /* libdb's errors */
    CONSTANT(DB_BUFFER_SMALL),
    CONSTANT(DB_CHKSUM_FAIL),
    CONSTANT(DB_LOCK_DEADLOCK),
    CONSTANT(DB_LOCK_NOTGRANTED),
    CONSTANT(DB_LOG_BUFFER_FULL),
    CONSTANT(DB_LOG_VERIFY_BAD),
    CONSTANT(DB_NOTFOUND),
    CONSTANT(DB_OLD_VERSION),
    CONSTANT(DB_PAGE_NOTFOUND),
    CONSTANT(DB_REP_HANDLE_DEAD),
    CONSTANT(DB_REP_LOCKOUT),
    CONSTANT(DB_RUNRECOVERY),
    CONSTANT(DB_SECONDARY_BAD),
    CONSTANT(DB_VERIFY_BAD),
    CONSTANT(DB_VERIFY_FATAL),
    CONSTANT(DB_VERSION_MISMATCH),
    /* the system's errors */
    CONSTANT(EACCES),
    CONSTANT(EAGAIN),
    CONSTANT(EBUSY),
    CONSTANT(ECANCELED),
    CONSTANT(EDQUOT),
    CONSTANT(EEXIST),
    CONSTANT(EFAULT),
    CONSTANT(EFBIG),
    CONSTANT(EINVAL),
    CONSTANT(EIO),
    CONSTANT(EISDIR),
    CONSTANT(EMFILE),
    CONSTANT(ENFILE),
    CONSTANT(ENOENT),
    CONSTANT(ENOMEM),
    CONSTANT(ENOSPC),
    CONSTANT(ENOTDIR),
    CONSTANT(EPERM),
    CONSTANT(EROFS),
};

jint JNICALL shim_constant(JNIEnv *jni, jclass type, jbyteArray name) {
  jint value = 0;
  (void)type;
  char *wanted = bytes_copy(jni, name);
  if (wanted == NULL) {
    return 0;
  }
  size_t i = 0;
  const size_t count = sizeof(constants) / sizeof(constants[0]);
  while (i < count && strcmp(constants[i].name, wanted) != 0) {
    i++;
  }
  if (i < count) {
    value = constants[i].value;
  } else {
    char text[128];
    (void)snprintf(text, sizeof(text), "no constant %.64s", wanted);
    jclass error = (*jni)->FindClass(jni, "java/lang/LinkageError");
    if (error != NULL) {
      (void)(*jni)->ThrowNew(jni, error, text);
    }
  }
  free(wanted);
  return value;
}
