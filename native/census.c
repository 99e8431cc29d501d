/* What is in a database file: its databases, and the records of each, counted by a cursor. */
#include "shim.h"

#include <stdlib.h>
#include <string.h>

/* A database, open for reading, with a cursor; whatever part of it there is, reader_close closes it. */
struct reader {
  DB *db;
  DBC *cursor;
};

static int reader_open(struct reader *reader, DB_ENV *env, const char *file, const char *database) {
  memset(reader, 0, sizeof(*reader));
  int code = db_create(&reader->db, env, 0);
  if (code == 0) {
    code = reader->db->open(reader->db, NULL, file, database, DB_UNKNOWN, DB_RDONLY, 0);
  }
  if (code == 0) {
    code = reader->db->cursor(reader->db, NULL, &reader->cursor, 0);
  }
  return code;
}

static int reader_close(struct reader *reader, int code) {
  int closed = reader->cursor == NULL ? 0 : reader->cursor->close(reader->cursor);
  code = code == 0 ? closed : code;
  closed = reader->db == NULL ? 0 : reader->db->close(reader->db, 0);
  return code == 0 ? closed : code;
}

/* Takes keys whole, since a heap gives no part of one, and nothing of the data. The caller frees key->data. */
static void take_keys(DBT *key, DBT *data) {
  memset(key, 0, sizeof(*key));
  key->flags = DB_DBT_REALLOC;
  memset(data, 0, sizeof(*data));
  data->flags = DB_DBT_PARTIAL | DB_DBT_USERMEM;
}

/* The databases that a file holds by name; NULL if it is one itself, without a name. */
jobjectArray JNICALL shim_database_names(JNIEnv *jni, jclass type, jlong pointer, jbyteArray file) {
  struct call call;
  struct reader reader;
  DB_ENV *env = env_of(pointer);
  char **names = NULL;
  size_t count = 0;
  bool many = false;
  int code = 0;
  (void)type;
  call_begin(&call, jni, env, "DB->open");
  call.subject = bytes_copy(jni, file);
  if (call.subject != NULL) {
    code = reader_open(&reader, env, call.subject, NULL);
    many = code == 0 && reader.db->get_multiple(reader.db);
    DBT key;
    DBT data;
    take_keys(&key, &data);
    while (many && code == 0 && (code = reader.cursor->get(reader.cursor, &key, &data, DB_NEXT)) == 0) {
      char **grown = realloc(names, (count + 1) * sizeof(*names));
      names = grown == NULL ? names : grown;
      char *name = grown == NULL ? NULL : strndup(key.data, key.size);
      if (name == NULL) {
        throw_out_of_memory(jni);
        break;
      }
      names[count++] = name;
    }
    free(key.data);
    code = reader_close(&reader, code == DB_NOTFOUND ? 0 : code);
  }
  jobjectArray array = NULL;
  if (call_end(&call, code) && many) {
    array = bytes_from_strings(jni, (const char *const *)names, count);
  }
  for (size_t i = 0; i < count; i++) {
    free(names[i]);
  }
  free(names);
  return array;
}

/* The records of one database, duplicates each for itself. */
jlong JNICALL shim_count_records(JNIEnv *jni, jclass type, jlong pointer, jbyteArray file, jbyteArray database) {
  struct call call;
  struct reader reader;
  DB_ENV *env = env_of(pointer);
  jlong count = 0;
  int code = 0;
  (void)type;
  call_begin(&call, jni, env, "DBcursor->get");
  call.subject = bytes_copy(jni, file);
  char *name = bytes_copy(jni, database);
  if (call.subject != NULL && (name != NULL || database == NULL)) {
    code = reader_open(&reader, env, call.subject, name);
    DBT key;
    DBT data;
    take_keys(&key, &data);
    while (code == 0 && (code = reader.cursor->get(reader.cursor, &key, &data, DB_NEXT)) == 0) {
      count++;
    }
    free(key.data);
    code = reader_close(&reader, code == DB_NOTFOUND ? 0 : code);
  }
  free(name);
  (void)call_end(&call, code);
  return count;
}
