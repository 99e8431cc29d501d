/* Listings and figures of an open environment. What libdb allocates for them is one block. */
#include "shim.h"

#include <string.h>

jobjectArray JNICALL shim_log_archive(JNIEnv *jni, jclass type, jlong pointer, jint flags) {
  struct call call;
  DB_ENV *env = env_of(pointer);
  char **list = NULL;
  size_t count = 0;
  (void)type;
  call_begin(&call, jni, env, "DB_ENV->log_archive");
  if (!call_end(&call, env->log_archive(env, &list, (u_int32_t)flags))) {
    return NULL;
  }
  while (list != NULL && list[count] != NULL) {
    count++;
  }
  jobjectArray names = bytes_from_strings(jni, (const char *const *)list, count);
  free_of(env, list);
  return names;
}

jlongArray JNICALL shim_log_stat(JNIEnv *jni, jclass type, jlong pointer) {
  struct call call;
  DB_ENV *env = env_of(pointer);
  DB_LOG_STAT *stat = NULL;
  (void)type;
  call_begin(&call, jni, env, "DB_ENV->log_stat");
  if (!call_end(&call, env->log_stat(env, &stat, 0))) {
    return NULL;
  }
  const jlong figures[] = {stat->st_cur_file,    stat->st_cur_offset, stat->st_disk_file,
                           stat->st_disk_offset, stat->st_lg_size,    stat->st_version};
  free_of(env, stat);
  jlongArray array = (*jni)->NewLongArray(jni, 6);
  if (array != NULL) {
    (*jni)->SetLongArrayRegion(jni, array, 0, 6, figures);
  }
  return array;
}

/* One element per file: its page size, four bytes in the machine's order, and then its name. */
static jobjectArray cached_files(JNIEnv *jni, DB_MPOOL_FSTAT **files) {
  jsize count = 0;
  while (files != NULL && files[count] != NULL) {
    count++;
  }
  jobjectArray array = (*jni)->NewObjectArray(jni, count, shim_ids.byte_array_class, NULL);
  for (jsize i = 0; array != NULL && i < count; i++) {
    const u_int32_t page_size = files[i]->st_pagesize;
    const char *name = files[i]->file_name == NULL ? "" : files[i]->file_name;
    const jsize length = (jsize)strlen(name);
    jbyteArray element = (*jni)->NewByteArray(jni, length + (jsize)sizeof(page_size));
    if (element == NULL) {
      return NULL;
    }
    (*jni)->SetByteArrayRegion(jni, element, 0, (jsize)sizeof(page_size), (const jbyte *)&page_size);
    (*jni)->SetByteArrayRegion(jni, element, (jsize)sizeof(page_size), length, (const jbyte *)name);
    (*jni)->SetObjectArrayElement(jni, array, i, element);
    (*jni)->DeleteLocalRef(jni, element);
    if ((*jni)->ExceptionCheck(jni)) {
      return NULL;
    }
  }
  return array;
}

jobjectArray JNICALL shim_memp_stat(JNIEnv *jni, jclass type, jlong pointer) {
  struct call call;
  DB_ENV *env = env_of(pointer);
  DB_MPOOL_FSTAT **files = NULL;
  (void)type;
  call_begin(&call, jni, env, "DB_ENV->memp_stat");
  if (!call_end(&call, env->memp_stat(env, NULL, &files, 0))) {
    return NULL;
  }
  jobjectArray array = cached_files(jni, files);
  free_of(env, files);
  return array;
}

/* One element per prepared transaction: its global id, as long as libdb keeps them. */
jobjectArray JNICALL shim_txn_prepared(JNIEnv *jni, jclass type, jlong pointer) {
  struct call call;
  DB_ENV *env = env_of(pointer);
  DB_TXN_STAT *stat = NULL;
  jsize count = 0;
  (void)type;
  call_begin(&call, jni, env, "DB_ENV->txn_stat");
  if (!call_end(&call, env->txn_stat(env, &stat, 0))) {
    return NULL;
  }
  for (u_int32_t i = 0; i < stat->st_nactive; i++) {
    count += stat->st_txnarray[i].status == TXN_PREPARED ? 1 : 0;
  }
  jobjectArray array = (*jni)->NewObjectArray(jni, count, shim_ids.byte_array_class, NULL);
  jsize next = 0;
  for (u_int32_t i = 0; array != NULL && i < stat->st_nactive; i++) {
    if (stat->st_txnarray[i].status == TXN_PREPARED) {
      jbyteArray element = bytes_from(jni, stat->st_txnarray[i].gid, DB_GID_SIZE);
      if (element == NULL) {
        array = NULL;
      } else {
        (*jni)->SetObjectArrayElement(jni, array, next++, element);
        (*jni)->DeleteLocalRef(jni, element);
      }
    }
  }
  free_of(env, stat);
  return array;
}

void JNICALL shim_log_flush(JNIEnv *jni, jclass type, jlong pointer) {
  struct call call;
  DB_ENV *env = env_of(pointer);
  (void)type;
  call_begin(&call, jni, env, "DB_ENV->log_flush");
  (void)call_end(&call, env->log_flush(env, NULL));
}

void JNICALL shim_txn_checkpoint(JNIEnv *jni, jclass type, jlong pointer, jint flags) {
  struct call call;
  DB_ENV *env = env_of(pointer);
  (void)type;
  call_begin(&call, jni, env, "DB_ENV->txn_checkpoint");
  (void)call_end(&call, env->txn_checkpoint(env, 0, 0, (u_int32_t)flags));
}
