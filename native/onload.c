/* Loading: the version check, the IDs, and the one table of native methods. */
#include "shim.h"

#include <stdio.h>

#define PACKAGE "io/github/bdbstandby/libdb/"

struct shim_ids shim_ids;

#define METHOD(name, signature, function) \
  { (char *)(name), (char *)(signature), (void *)(function) }

/* A function pointer as void *, as JNI wants it: POSIX allows it, ISO C does not speak of it. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wcast-qual"
static const JNINativeMethod methods[] = {
    METHOD("constant", "([B)I", shim_constant),
    METHOD("versions", "()[I", shim_versions),
    METHOD("fullVersion", "()[B", shim_full_version),
    METHOD("strerror", "(I)[B", shim_strerror),
    METHOD("create", "()J", shim_create),
    METHOD("close", "(J)V", shim_close),
    METHOD("versionOf", "(J)[I", shim_version_of),
    METHOD("getHome", "(J)[B", shim_get_home),
    METHOD("open", "(J[BIL" PACKAGE "RecoveryListener;)V", shim_open),
    METHOD("addDataDir", "(J[B)V", shim_add_data_dir),
    METHOD("setLgDir", "(J[B)V", shim_set_lg_dir),
    METHOD("setEncrypt", "(J[B)V", shim_set_encrypt),
    METHOD("setCacheSize", "(JJ)V", shim_set_cachesize),
    METHOD("setTxTimestamp", "(JJ)V", shim_set_tx_timestamp),
    METHOD("getDataDirs", "(J)[[B", shim_get_data_dirs),
    METHOD("getLgDir", "(J)[B", shim_get_lg_dir),
    METHOD("getMetadataDir", "(J)[B", shim_get_metadata_dir),
    METHOD("getOpenFlags", "(J)I", shim_get_open_flags),
    METHOD("getEncryptFlags", "(J)I", shim_get_encrypt_flags),
    METHOD("getFlags", "(J)I", shim_get_flags),
    METHOD("setFlags", "(JIZ)V", shim_set_flags),
    METHOD("logGetConfig", "(JI)Z", shim_log_get_config),
    METHOD("logArchive", "(JI)[[B", shim_log_archive),
    METHOD("logStat", "(J)[J", shim_log_stat),
    METHOD("mempStat", "(J)[[B", shim_memp_stat),
    METHOD("logFlush", "(J)V", shim_log_flush),
    METHOD("txnCheckpoint", "(JI)V", shim_txn_checkpoint),
    METHOD("txnPrepared", "(J)[[B", shim_txn_prepared),
    METHOD("logCursor", "(J)J", shim_log_cursor),
    METHOD("logCursorClose", "(JJ)V", shim_log_cursor_close),
    METHOD("logRecords", "(JJIJJ[III)[B", shim_log_records),
    METHOD("dbbackup", "(J[BL" PACKAGE "BackupRelay;)[[B", shim_dbbackup),
    METHOD("databaseNames", "(J[B)[[B", shim_database_names),
    METHOD("countRecords", "(J[B[B)J", shim_count_records),
    METHOD("doubleWriteBegin", "([B)V", shim_double_write_begin),
    METHOD("doubleWriteEnd", "()V", shim_double_write_end),
    METHOD("extentsBegin", "()V", shim_extents_begin),
    METHOD("extentsEnd", "()V", shim_extents_end),
    METHOD("pageWritesBegin", "(L" PACKAGE "PageWrites;[B)V", shim_page_writes_begin),
    METHOD("pageWritesEnd", "()V", shim_page_writes_end),
    METHOD("verify", "(J[BI)V", shim_verify),
};
#pragma GCC diagnostic pop

static jclass global_class(JNIEnv *jni, const char *name) {
  jclass local = (*jni)->FindClass(jni, name);
  jclass global = local == NULL ? NULL : (jclass)(*jni)->NewGlobalRef(jni, local);
  if (local != NULL) {
    (*jni)->DeleteLocalRef(jni, local);
  }
  return global;
}

static jmethodID method_of(JNIEnv *jni, const char *class_name, const char *name, const char *signature) {
  jclass type = (*jni)->FindClass(jni, class_name);
  if (type == NULL) {
    return NULL;
  }
  jmethodID method = (*jni)->GetMethodID(jni, type, name, signature);
  (*jni)->DeleteLocalRef(jni, type);
  return method;
}

/*
 * These references keep the class loader, and so the shim, for as long as the process lives: libdb may have its
 * functions (db_env_set_func_pwrite and others), and would call what is not there any more.
 */
static bool resolve_ids(JNIEnv *jni) {
  shim_ids.byte_array_class = global_class(jni, "[B");
  if (shim_ids.byte_array_class == NULL) {
    return false;
  }
  shim_ids.failures_class = global_class(jni, PACKAGE "Failures");
  if (shim_ids.failures_class == NULL) {
    return false;
  }
  shim_ids.failures_of =
      (*jni)->GetStaticMethodID(jni, shim_ids.failures_class, "of", "(I[B[B[B[[B)L" PACKAGE "DbException;");
  return shim_ids.failures_of != NULL &&
         (shim_ids.sink_open = method_of(jni, PACKAGE "BackupRelay", "open", "([B)V")) != NULL &&
         (shim_ids.sink_write = method_of(jni, PACKAGE "BackupRelay", "write", "(JLjava/nio/ByteBuffer;)V")) != NULL &&
         (shim_ids.sink_close = method_of(jni, PACKAGE "BackupRelay", "close", "()V")) != NULL &&
         (shim_ids.listener_progress = method_of(jni, PACKAGE "RecoveryListener", "progress", "(I)V")) != NULL &&
         (shim_ids.writes_changed = method_of(jni, PACKAGE "PageWrites", "changed", "(JJJJJI)Z")) != NULL;
}

/* A libdb of another version has other structs: a call through them must not reach data. */
static bool check_version(JNIEnv *jni) {
  int major = 0;
  int minor = 0;
  char text[128];
  (void)db_version(&major, &minor, NULL);
  if (major == DB_VERSION_MAJOR && minor == DB_VERSION_MINOR) {
    return true;
  }
  (void)snprintf(text, sizeof(text), "built for libdb %d.%d, but the library is libdb %d.%d", DB_VERSION_MAJOR,
                 DB_VERSION_MINOR, major, minor);
  jclass error = (*jni)->FindClass(jni, "java/lang/UnsatisfiedLinkError");
  if (error != NULL) {
    (void)(*jni)->ThrowNew(jni, error, text);
  }
  return false;
}

static bool register_methods(JNIEnv *jni) {
  jclass shim = (*jni)->FindClass(jni, PACKAGE "Shim");
  if (shim == NULL) {
    return false;
  }
  jint code = (*jni)->RegisterNatives(jni, shim, methods, (jint)(sizeof(methods) / sizeof(methods[0])));
  (*jni)->DeleteLocalRef(jni, shim);
  return code == JNI_OK;
}

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved) {
  void *jni = NULL;
  (void)reserved;
  if ((*vm)->GetEnv(vm, &jni, JNI_VERSION_1_8) != JNI_OK) {
    return JNI_ERR;
  }
  return check_version(jni) && resolve_ids(jni) && register_methods(jni) ? JNI_VERSION_1_8 : JNI_ERR;
}
