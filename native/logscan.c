/*
 * Reading the log: a batch of records crosses the border together.
 *
 * A batch is, in the machine's byte order: u32 status, u32 file and u32 offset of the last record that was looked at (0/0 if
 * none), and then for each record of a wanted type u32 file, u32 offset, u32 type, u32 size and its bytes.
 */
#include "shim.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum batch_status { BATCH_MORE = 0, BATCH_END_OF_LOG = 1, BATCH_LIMIT = 2 };

struct batch {
  unsigned char *bytes;
  size_t size;
  size_t capacity;
};

static bool batch_append(struct batch *batch, const void *data, size_t size) {
  if (batch->capacity - batch->size < size) {
    size_t capacity = batch->capacity * 2 + size + 4096;
    unsigned char *grown = realloc(batch->bytes, capacity);
    if (grown == NULL) {
      return false;
    }
    batch->bytes = grown;
    batch->capacity = capacity;
  }
  if (size > 0) {
    memcpy(batch->bytes + batch->size, data, size);
    batch->size += size;
  }
  return true;
}

jlong JNICALL shim_log_cursor(JNIEnv *jni, jclass type, jlong pointer) {
  struct call call;
  DB_ENV *env = env_of(pointer);
  DB_LOGC *cursor = NULL;
  (void)type;
  call_begin(&call, jni, env, "DB_ENV->log_cursor");
  int code = env->log_cursor(env, &cursor, 0);
  if (code == 0) {
    /* Or a record that fails its checksum panics the environment, the application's too. */
    cursor->flags |= DB_LOG_SILENT_ERR;
  }
  return call_end(&call, code) ? (jlong)(intptr_t)cursor : 0;
}

void JNICALL shim_log_cursor_close(JNIEnv *jni, jclass type, jlong pointer, jlong cursor) {
  struct call call;
  DB_LOGC *logc = (DB_LOGC *)(intptr_t)cursor;
  (void)type;
  call_begin(&call, jni, env_of(pointer), "DB_LOGC->close");
  (void)call_end(&call, logc->close(logc, 0));
}

static bool is_wanted(u_int32_t record_type, const jint *types, jsize type_count) {
  for (jsize i = 0; i < type_count; i++) {
    if ((u_int32_t)types[i] == record_type) {
      return true;
    }
  }
  return false;
}

static bool append_record(struct batch *batch, const DB_LSN *lsn, u_int32_t record_type, const DBT *record) {
  const u_int32_t head[] = {lsn->file, lsn->offset, record_type, record->size};
  return batch_append(batch, head, sizeof(head)) && batch_append(batch, record->data, record->size);
}

/* The cursor's range and what to take of it. */
struct scan {
  DB_LOGC *cursor;
  u_int32_t position; /* DB_FIRST, DB_LAST, DB_SET or DB_NEXT: of the first read */
  DB_LSN lsn;
  DB_LSN end; /* exclusive; 0/0 for none */
  const jint *types;
  jsize type_count;
  size_t most_bytes;
  jint most_records;
};

static int read_batch(struct scan *scan, struct batch *batch, u_int32_t head[3], struct call *call) {
  u_int32_t position = scan->position;
  for (jint seen = 0; seen < scan->most_records && batch->size < scan->most_bytes; seen++, position = DB_NEXT) {
    DBT record;
    u_int32_t record_type = 0;
    memset(&record, 0, sizeof(record));
    int code = scan->cursor->get(scan->cursor, &scan->lsn, &record, position);
    if (code == DB_NOTFOUND) {
      head[0] = BATCH_END_OF_LOG;
      return 0;
    }
    if (code != 0) {
      char text[96];
      (void)snprintf(text, sizeof(text), "the log cannot be read %s LSN %u/%u", position == DB_SET ? "at" : "after",
                     (unsigned)scan->lsn.file, (unsigned)scan->lsn.offset);
      call_note(call, text);
      return code;
    }
    if (scan->end.file != 0 && log_compare(&scan->lsn, &scan->end) >= 0) {
      head[0] = BATCH_LIMIT;
      return 0;
    }
    head[1] = scan->lsn.file;
    head[2] = scan->lsn.offset;
    if (record.size < sizeof(record_type)) {
      continue;
    }
    memcpy(&record_type, record.data, sizeof(record_type));
    record_type &= ~(u_int32_t)DB_debug_FLAG;
    if (is_wanted(record_type, scan->types, scan->type_count) &&
        !append_record(batch, &scan->lsn, record_type, &record)) {
      throw_out_of_memory(call->jni);
      return 0;
    }
  }
  head[0] = BATCH_MORE;
  return 0;
}

jbyteArray JNICALL shim_log_records(JNIEnv *jni, jclass type, jlong pointer, jlong cursor, jint position, jlong from,
                                    jlong to, jintArray types, jint most_bytes, jint most_records) {
  struct call call;
  struct batch batch = {NULL, 0, 0};
  u_int32_t head[3] = {BATCH_MORE, 0, 0};
  jbyteArray answer = NULL;
  (void)type;
  call_begin(&call, jni, env_of(pointer), "DB_LOGC->get");
  jint *wanted = (*jni)->GetIntArrayElements(jni, types, NULL);
  if (wanted != NULL) {
    struct scan scan = {
        .cursor = (DB_LOGC *)(intptr_t)cursor,
        .position = (u_int32_t)position,
        .lsn = {.file = (u_int32_t)((uint64_t)from >> 32), .offset = (u_int32_t)((uint64_t)from & UINT32_MAX)},
        .end = {.file = (u_int32_t)((uint64_t)to >> 32), .offset = (u_int32_t)((uint64_t)to & UINT32_MAX)},
        .types = wanted,
        .type_count = (*jni)->GetArrayLength(jni, types),
        .most_bytes = (size_t)most_bytes,
        .most_records = most_records,
    };
    int code = ENOMEM;
    if (batch_append(&batch, head, sizeof(head))) {
      code = read_batch(&scan, &batch, head, &call);
      memcpy(batch.bytes, head, sizeof(head));
    }
    (*jni)->ReleaseIntArrayElements(jni, types, wanted, JNI_ABORT);
    if (call_end(&call, code)) {
      answer = bytes_from(jni, batch.bytes, batch.size);
    }
  } else {
    (void)call_end(&call, 0);
  }
  free(batch.bytes);
  return answer;
}
