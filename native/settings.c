/* What a DB_ENV is told before it is opened, and what it answers about itself afterwards. */
#include "shim.h"

#include <stdlib.h>
#include <string.h>

typedef int (*path_setter)(DB_ENV *, const char *);
typedef int (*path_getter)(DB_ENV *, const char **);
typedef int (*flags_getter)(DB_ENV *, u_int32_t *);

static void set_path(JNIEnv *jni, DB_ENV *env, const char *operation, path_setter set, jbyteArray path) {
  struct call call;
  call_begin(&call, jni, env, operation);
  call.subject = bytes_copy(jni, path);
  (void)call_end(&call, call.subject == NULL ? 0 : set(env, call.subject));
}

static jbyteArray get_path(JNIEnv *jni, DB_ENV *env, const char *operation, path_getter get) {
  struct call call;
  const char *path = NULL;
  call_begin(&call, jni, env, operation);
  return call_end(&call, get(env, &path)) ? bytes_from_string(jni, path) : NULL;
}

static jint get_flags(JNIEnv *jni, DB_ENV *env, const char *operation, flags_getter get) {
  struct call call;
  u_int32_t flags = 0;
  call_begin(&call, jni, env, operation);
  return call_end(&call, get(env, &flags)) ? (jint)flags : 0;
}

void JNICALL shim_add_data_dir(JNIEnv *jni, jclass type, jlong pointer, jbyteArray directory) {
  DB_ENV *env = env_of(pointer);
  (void)type;
  set_path(jni, env, "DB_ENV->add_data_dir", env->add_data_dir, directory);
}

void JNICALL shim_set_lg_dir(JNIEnv *jni, jclass type, jlong pointer, jbyteArray directory) {
  DB_ENV *env = env_of(pointer);
  (void)type;
  set_path(jni, env, "DB_ENV->set_lg_dir", env->set_lg_dir, directory);
}

void JNICALL shim_set_encrypt(JNIEnv *jni, jclass type, jlong pointer, jbyteArray password) {
  struct call call;
  DB_ENV *env = env_of(pointer);
  (void)type;
  call_begin(&call, jni, env, "DB_ENV->set_encrypt");
  char *secret = bytes_copy(jni, password);
  int code = secret == NULL ? 0 : env->set_encrypt(env, secret, DB_ENCRYPT_AES);
  bytes_free_secret(secret);
  (void)call_end(&call, code);
}

void JNICALL shim_set_cachesize(JNIEnv *jni, jclass type, jlong pointer, jlong bytes) {
  struct call call;
  DB_ENV *env = env_of(pointer);
  const uint64_t gigabyte = UINT64_C(1) << 30;
  (void)type;
  call_begin(&call, jni, env, "DB_ENV->set_cachesize");
  (void)call_end(&call, env->set_cachesize(env, (u_int32_t)((uint64_t)bytes / gigabyte),
                                           (u_int32_t)((uint64_t)bytes % gigabyte), 0));
}

void JNICALL shim_set_tx_timestamp(JNIEnv *jni, jclass type, jlong pointer, jlong seconds) {
  struct call call;
  DB_ENV *env = env_of(pointer);
  time_t time = (time_t)seconds;
  (void)type;
  call_begin(&call, jni, env, "DB_ENV->set_tx_timestamp");
  (void)call_end(&call, env->set_tx_timestamp(env, &time));
}

jobjectArray JNICALL shim_get_data_dirs(JNIEnv *jni, jclass type, jlong pointer) {
  struct call call;
  DB_ENV *env = env_of(pointer);
  const char **directories = NULL;
  size_t count = 0;
  (void)type;
  call_begin(&call, jni, env, "DB_ENV->get_data_dirs");
  if (!call_end(&call, env->get_data_dirs(env, &directories))) {
    return NULL;
  }
  while (directories != NULL && directories[count] != NULL) {
    count++;
  }
  return bytes_from_strings(jni, directories, count);
}

jbyteArray JNICALL shim_get_lg_dir(JNIEnv *jni, jclass type, jlong pointer) {
  DB_ENV *env = env_of(pointer);
  (void)type;
  return get_path(jni, env, "DB_ENV->get_lg_dir", env->get_lg_dir);
}

jbyteArray JNICALL shim_get_metadata_dir(JNIEnv *jni, jclass type, jlong pointer) {
  DB_ENV *env = env_of(pointer);
  (void)type;
  return get_path(jni, env, "DB_ENV->get_metadata_dir", env->get_metadata_dir);
}

jint JNICALL shim_get_open_flags(JNIEnv *jni, jclass type, jlong pointer) {
  DB_ENV *env = env_of(pointer);
  (void)type;
  return get_flags(jni, env, "DB_ENV->get_open_flags", env->get_open_flags);
}

jint JNICALL shim_get_encrypt_flags(JNIEnv *jni, jclass type, jlong pointer) {
  DB_ENV *env = env_of(pointer);
  (void)type;
  return get_flags(jni, env, "DB_ENV->get_encrypt_flags", env->get_encrypt_flags);
}

jint JNICALL shim_get_flags(JNIEnv *jni, jclass type, jlong pointer) {
  DB_ENV *env = env_of(pointer);
  (void)type;
  return get_flags(jni, env, "DB_ENV->get_flags", env->get_flags);
}

void JNICALL shim_set_flags(JNIEnv *jni, jclass type, jlong pointer, jint flags, jboolean on) {
  struct call call;
  DB_ENV *env = env_of(pointer);
  (void)type;
  call_begin(&call, jni, env, "DB_ENV->set_flags");
  (void)call_end(&call, env->set_flags(env, (u_int32_t)flags, on ? 1 : 0));
}

jboolean JNICALL shim_log_get_config(JNIEnv *jni, jclass type, jlong pointer, jint which) {
  struct call call;
  DB_ENV *env = env_of(pointer);
  int on = 0;
  (void)type;
  call_begin(&call, jni, env, "DB_ENV->log_get_config");
  return call_end(&call, env->log_get_config(env, (u_int32_t)which, &on)) && on != 0 ? JNI_TRUE : JNI_FALSE;
}
