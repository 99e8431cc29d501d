/* The life of a DB_ENV handle, and what is asked without one. */
#include "shim.h"

#include <stdlib.h>

jintArray JNICALL shim_versions(JNIEnv *jni, jclass type) {
  int major = 0;
  int minor = 0;
  int patch = 0;
  (void)type;
  (void)db_version(&major, &minor, &patch);
  const jint versions[] = {DB_VERSION_MAJOR, DB_VERSION_MINOR, DB_VERSION_PATCH, major, minor, patch};
  jintArray array = (*jni)->NewIntArray(jni, 6);
  if (array != NULL) {
    (*jni)->SetIntArrayRegion(jni, array, 0, 6, versions);
  }
  return array;
}

jbyteArray JNICALL shim_full_version(JNIEnv *jni, jclass type) {
  (void)type;
  return bytes_from_string(jni, db_full_version(NULL, NULL, NULL, NULL, NULL));
}

jbyteArray JNICALL shim_strerror(JNIEnv *jni, jclass type, jint code) {
  (void)type;
  return bytes_from_string(jni, db_strerror(code));
}

/*
 * Memory that libdb hands to us. DB_ENV->memp_stat measures the names of files first and copies them
 * afterwards, past the end of its block if they have been renamed to longer ones in between.
 */
static void *with_room(size_t size) { return malloc(4 * size + 4096); }

static void *again_with_room(void *block, size_t size) { return realloc(block, 4 * size + 4096); }

jlong JNICALL shim_create(JNIEnv *jni, jclass type) {
  struct call call;
  DB_ENV *env = NULL;
  (void)type;
  call_begin(&call, jni, NULL, "db_env_create");
  int code = db_env_create(&env, 0);
  if (code == 0) {
    env->set_errcall(env, on_error);
    env->set_msgcall(env, on_message);
    code = env->set_alloc(env, with_room, again_with_room, free);
  }
  return call_end(&call, code) ? (jlong)(intptr_t)env : 0;
}

void JNICALL shim_close(JNIEnv *jni, jclass type, jlong pointer) {
  struct call call;
  DB_ENV *env = env_of(pointer);
  (void)type;
  call_begin(&call, jni, env, "DB_ENV->close");
  (void)call_end(&call, env->close(env, 0));
}

static void on_feedback(DB_ENV *env, int opcode, int percent) {
  struct call *call = call_current();
  (void)env;
  /* After an exception nothing more is told: recovery cannot be stopped, the exception waits for its end. */
  if (opcode != DB_RECOVER || call == NULL || call->target == NULL || call->thrown != NULL) {
    return;
  }
  /* libdb calls for each record. */
  if (call->told == percent + 1) {
    return;
  }
  call->told = percent + 1;
  (*call->jni)->CallVoidMethod(call->jni, call->target, shim_ids.listener_progress, (jint)percent);
  (void)call_keep_exception(call);
}

void JNICALL shim_open(JNIEnv *jni, jclass type, jlong pointer, jbyteArray home, jint flags, jobject listener) {
  struct call call;
  DB_ENV *env = env_of(pointer);
  int code = 0;
  (void)type;
  call_begin(&call, jni, NULL, "DB_ENV->open");
  call.home = bytes_copy(jni, home);
  if (call.home != NULL) {
    call.target = listener;
    code = listener == NULL ? 0 : env->set_feedback(env, on_feedback);
    if (code == 0) {
      code = env->open(env, call.home, (u_int32_t)flags, 0);
    }
    /* No callback outlives its call; a DB_ENV whose open failed is still good for this and for close. */
    if (listener != NULL) {
      (void)env->set_feedback(env, NULL);
    }
  }
  (void)call_end(&call, code);
}
