/* DB_ENV->dbbackup, its bytes going to a Java sink. */
#include "shim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The target directory is libdb's parameter for its own writing: with callbacks it only comes back to them. */
static const char no_target[] = "";

static int on_open(DB_ENV *env, const char *name, const char *target, void **handle) {
  struct call *call = call_current();
  (void)env;
  (void)target;
  if (call == NULL || call->target == NULL || call->thrown != NULL) {
    return ECANCELED;
  }
  jbyteArray bytes = bytes_from_string(call->jni, name);
  if (bytes != NULL) {
    (*call->jni)->CallVoidMethod(call->jni, call->target, shim_ids.sink_open, bytes);
    (*call->jni)->DeleteLocalRef(call->jni, bytes);
  }
  if (call_keep_exception(call)) {
    return ECANCELED;
  }
  *handle = call;
  return 0;
}

static int on_write(DB_ENV *env, u_int32_t gigabytes, u_int32_t offset, u_int32_t size, u_int8_t *data, void *handle) {
  struct call *call = handle;
  const jlong position = ((jlong)gigabytes << 30) + (jlong)offset;
  (void)env;
  if (call == NULL || call->thrown != NULL) {
    return ECANCELED;
  }
  jobject buffer = (*call->jni)->NewDirectByteBuffer(call->jni, data, (jlong)size);
  if (buffer != NULL) {
    (*call->jni)->CallVoidMethod(call->jni, call->target, shim_ids.sink_write, position, buffer);
    (*call->jni)->DeleteLocalRef(call->jni, buffer);
  }
  return call_keep_exception(call) ? ECANCELED : 0;
}

/* libdb closes once more what it could not open, with the handle that was never set. */
static int on_close(DB_ENV *env, const char *name, void *handle) {
  struct call *call = handle;
  (void)env;
  (void)name;
  if (call == NULL) {
    return 0;
  }
  (*call->jni)->CallVoidMethod(call->jni, call->target, shim_ids.sink_close);
  return call_keep_exception(call) || call->thrown != NULL ? ECANCELED : 0;
}

/* What the handle's owner has set for backups of its own. */
struct hooks {
  int (*open)(DB_ENV *, const char *, const char *, void **);
  int (*write)(DB_ENV *, u_int32_t, u_int32_t, u_int32_t, u_int8_t *, void *);
  int (*close)(DB_ENV *, const char *, void *);
  u_int32_t size;
};

/* Nothing, where the owner has set nothing: libdb answers EINVAL then. */
static void hooks_of(DB_ENV *env, struct hooks *hooks) {
  memset(hooks, 0, sizeof(*hooks));
  (void)env->get_backup_callbacks(env, &hooks->open, &hooks->write, &hooks->close);
  (void)env->get_backup_config(env, DB_BACKUP_SIZE, &hooks->size);
}

/* Returns libdb's messages: some of its errors come with a return code of 0. */
jobjectArray JNICALL shim_dbbackup(JNIEnv *jni, jclass type, jlong pointer, jbyteArray name, jobject sink) {
  struct call call;
  DB_ENV *env = env_of(pointer);
  jobjectArray messages = NULL;
  int code = 0;
  (void)type;
  call_begin(&call, jni, env, "DB_ENV->dbbackup");
  call.subject = bytes_copy(jni, name);
  if (call.subject != NULL) {
    call.target = sink;
    struct hooks owners;
    hooks_of(env, &owners);
    code = env->set_backup_config(env, DB_BACKUP_SIZE, 0);
    if (code == 0) {
      code = env->set_backup_callbacks(env, on_open, on_write, on_close);
    }
    if (code == 0) {
      code = env->dbbackup(env, call.subject, no_target, 0);
    }
    (void)env->set_backup_callbacks(env, owners.open, owners.write, owners.close);
    (void)env->set_backup_config(env, DB_BACKUP_SIZE, owners.size);
    if (code == 0 && call.thrown == NULL) {
      messages = call_messages(&call);
    }
  }
  return call_end(&call, code) ? messages : NULL;
}
