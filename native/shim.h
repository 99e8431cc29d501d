/*
 * The shim's own header: what its files share. One native method wraps one libdb call; nothing here decides anything.
 */
#ifndef BDB_STANDBY_SHIM_H
#define BDB_STANDBY_SHIM_H

#include <db.h>
#include <jni.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* One native method in progress. It lives on the C stack and is the current one of its thread while libdb runs. */
struct call {
  JNIEnv *jni;
  struct call *outer;    /* the call that this one interrupts, if a callback came back into the shim */
  const char *operation; /* libdb's name of it, for the exception */
  char *home;            /* where: may be NULL */
  char *subject;         /* which file: may be NULL */
  char **messages;       /* what libdb said */
  size_t message_count;
  size_t messages_dropped;
  jobject target;       /* the sink or listener of this call */
  int told;             /* the percentage that the listener has heard, and one: 0 before the first */
  jthrowable thrown;    /* the first exception from a callback: rethrown when libdb has returned */
};

/* IDs resolved once, at load: the only global state. */
struct shim_ids {
  jclass byte_array_class;
  jclass failures_class;
  jmethodID failures_of;
  jmethodID sink_open;
  jmethodID sink_write;
  jmethodID sink_close;
  jmethodID listener_progress;
  jmethodID writes_changed;
};
extern struct shim_ids shim_ids;

/* errors.c */
void call_begin(struct call *call, JNIEnv *jni, DB_ENV *env, const char *operation);
/* Ends the call; throws if a callback threw or code is not 0. True if nothing was thrown. */
bool call_end(struct call *call, int code);
void call_note(struct call *call, const char *message);
struct call *call_current(void);
/* Keeps a pending exception for call_end; true if there was one. */
bool call_keep_exception(struct call *call);
jobjectArray call_messages(struct call *call);
void on_error(const DB_ENV *env, const char *prefix, const char *message);
void on_message(const DB_ENV *env, const char *message);

/* bytes.c */
/* A copy of the array that ends in NUL; NULL for a null array, or with an exception pending. */
char *bytes_copy(JNIEnv *jni, jbyteArray bytes);
void bytes_free_secret(char *secret);
jbyteArray bytes_from(JNIEnv *jni, const void *data, size_t size);
jbyteArray bytes_from_string(JNIEnv *jni, const char *text);
/* A byte[][] of the strings. */
jobjectArray bytes_from_strings(JNIEnv *jni, const char *const *strings, size_t count);
DB_ENV *env_of(jlong pointer);
void throw_out_of_memory(JNIEnv *jni);
/* Frees what libdb has allocated for the caller, the way that the handle's owner has set. */
void free_of(DB_ENV *env, void *block);

/* checksum.c: for libdb to call, in place of its own */
__attribute__((visibility("default"))) u_int32_t __ham_func4(DB *db, const void *key, u_int32_t size);

/* doublewrite.c: has libdb's page writes of recoveries come to the shim */
int double_write_hook(void);

/* pagewrites.c: writes a page, and tells whoever watches */
ssize_t page_writes_write(int fd, const void *page, size_t size, off_t offset);

/* The native methods, by file; the table in onload.c gives each its signature. */

/* constants.c */
jint JNICALL shim_constant(JNIEnv *jni, jclass type, jbyteArray name);
/* handle.c */
jintArray JNICALL shim_versions(JNIEnv *jni, jclass type);
jbyteArray JNICALL shim_full_version(JNIEnv *jni, jclass type);
jbyteArray JNICALL shim_strerror(JNIEnv *jni, jclass type, jint code);
jlong JNICALL shim_create(JNIEnv *jni, jclass type);
void JNICALL shim_close(JNIEnv *jni, jclass type, jlong pointer);
void JNICALL shim_open(JNIEnv *jni, jclass type, jlong pointer, jbyteArray home, jint flags, jobject listener);
/* settings.c */
void JNICALL shim_add_data_dir(JNIEnv *jni, jclass type, jlong pointer, jbyteArray directory);
void JNICALL shim_set_lg_dir(JNIEnv *jni, jclass type, jlong pointer, jbyteArray directory);
void JNICALL shim_set_encrypt(JNIEnv *jni, jclass type, jlong pointer, jbyteArray password);
void JNICALL shim_set_cachesize(JNIEnv *jni, jclass type, jlong pointer, jlong bytes);
void JNICALL shim_set_tx_timestamp(JNIEnv *jni, jclass type, jlong pointer, jlong seconds);
jobjectArray JNICALL shim_get_data_dirs(JNIEnv *jni, jclass type, jlong pointer);
jbyteArray JNICALL shim_get_lg_dir(JNIEnv *jni, jclass type, jlong pointer);
jbyteArray JNICALL shim_get_metadata_dir(JNIEnv *jni, jclass type, jlong pointer);
jint JNICALL shim_get_open_flags(JNIEnv *jni, jclass type, jlong pointer);
jint JNICALL shim_get_encrypt_flags(JNIEnv *jni, jclass type, jlong pointer);
jint JNICALL shim_get_flags(JNIEnv *jni, jclass type, jlong pointer);
void JNICALL shim_set_flags(JNIEnv *jni, jclass type, jlong pointer, jint flags, jboolean on);
jboolean JNICALL shim_log_get_config(JNIEnv *jni, jclass type, jlong pointer, jint which);
/* listing.c */
jobjectArray JNICALL shim_log_archive(JNIEnv *jni, jclass type, jlong pointer, jint flags);
jlongArray JNICALL shim_log_stat(JNIEnv *jni, jclass type, jlong pointer);
jobjectArray JNICALL shim_memp_stat(JNIEnv *jni, jclass type, jlong pointer);
void JNICALL shim_log_flush(JNIEnv *jni, jclass type, jlong pointer);
jobjectArray JNICALL shim_txn_prepared(JNIEnv *jni, jclass type, jlong pointer);
void JNICALL shim_txn_checkpoint(JNIEnv *jni, jclass type, jlong pointer, jint flags);
/* logscan.c */
jlong JNICALL shim_log_cursor(JNIEnv *jni, jclass type, jlong pointer);
void JNICALL shim_log_cursor_close(JNIEnv *jni, jclass type, jlong pointer, jlong cursor);
jbyteArray JNICALL shim_log_records(JNIEnv *jni, jclass type, jlong pointer, jlong cursor, jint position, jlong from,
                                    jlong to, jintArray types, jint most_bytes, jint most_records);
/* attach.c */
jintArray JNICALL shim_version_of(JNIEnv *jni, jclass type, jlong pointer);
jbyteArray JNICALL shim_get_home(JNIEnv *jni, jclass type, jlong pointer);
/* backup.c */
jobjectArray JNICALL shim_dbbackup(JNIEnv *jni, jclass type, jlong pointer, jbyteArray name, jobject sink);
/* census.c */
jobjectArray JNICALL shim_database_names(JNIEnv *jni, jclass type, jlong pointer, jbyteArray file);
jlong JNICALL shim_count_records(JNIEnv *jni, jclass type, jlong pointer, jbyteArray file, jbyteArray database);
/* doublewrite.c */
void JNICALL shim_double_write_begin(JNIEnv *jni, jclass type, jbyteArray path);
void JNICALL shim_double_write_end(JNIEnv *jni, jclass type);
/* extents.c */
void JNICALL shim_extents_begin(JNIEnv *jni, jclass type);
void JNICALL shim_extents_end(JNIEnv *jni, jclass type);
/* pagewrites.c */
void JNICALL shim_page_writes_begin(JNIEnv *jni, jclass type, jobject writes, jbyteArray changed);
void JNICALL shim_page_writes_end(JNIEnv *jni, jclass type);
/* verify.c */
void JNICALL shim_verify(JNIEnv *jni, jclass type, jlong pointer, jbyteArray name, jint flags);

#endif
