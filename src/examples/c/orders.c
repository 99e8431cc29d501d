/* Native code of an application that keeps its orders in Berkeley DB: what JNI or JNA users have already. */
#include <db.h>
#include <stdint.h>
#include <string.h>

DB_ENV *orders_open(const char *home, uint32_t more_flags);
DB *orders_book(DB_ENV *env);
int orders_place(DB_ENV *env, DB *book, uint32_t number, int64_t cents);
int64_t orders_total(DB *book);
int orders_close(DB_ENV *env, DB *book);

/* NULL if it can't be opened. */
DB_ENV *orders_open(const char *home, uint32_t more_flags) {
  DB_ENV *env = NULL;
  const u_int32_t flags = DB_CREATE | DB_INIT_LOCK | DB_INIT_LOG | DB_INIT_MPOOL | DB_INIT_TXN;
  if (db_env_create(&env, 0) != 0) {
    return NULL;
  }
  if (env->open(env, home, flags | more_flags, 0) != 0) {
    (void)env->close(env, 0);
    return NULL;
  }
  return env;
}

DB *orders_book(DB_ENV *env) {
  DB *book = NULL;
  if (db_create(&book, env, 0) != 0) {
    return NULL;
  }
  if (book->open(book, NULL, "orders.db", NULL, DB_BTREE, DB_CREATE | DB_AUTO_COMMIT | DB_THREAD, 0) != 0) {
    (void)book->close(book, 0);
    return NULL;
  }
  return book;
}

int orders_place(DB_ENV *env, DB *book, uint32_t number, int64_t cents) {
  DB_TXN *transaction = NULL;
  DBT key;
  DBT data;
  memset(&key, 0, sizeof(key));
  memset(&data, 0, sizeof(data));
  key.data = &number;
  key.size = sizeof(number);
  data.data = &cents;
  data.size = sizeof(cents);
  int code = env->txn_begin(env, NULL, &transaction, 0);
  if (code != 0) {
    return code;
  }
  code = book->put(book, transaction, &key, &data, 0);
  if (code != 0) {
    (void)transaction->abort(transaction);
    return code;
  }
  return transaction->commit(transaction, 0);
}

/* The sum of all orders; -1 if they can't be read. */
int64_t orders_total(DB *book) {
  DBC *cursor = NULL;
  DBT key;
  DBT data;
  int64_t total = 0;
  int64_t cents = 0;
  uint32_t number = 0;
  memset(&key, 0, sizeof(key));
  memset(&data, 0, sizeof(data));
  key.data = &number;
  key.ulen = sizeof(number);
  key.flags = DB_DBT_USERMEM;
  data.data = &cents;
  data.ulen = sizeof(cents);
  data.flags = DB_DBT_USERMEM;
  int code = book->cursor(book, NULL, &cursor, 0);
  while (code == 0 && (code = cursor->get(cursor, &key, &data, DB_NEXT)) == 0) {
    total += cents;
  }
  if (cursor != NULL) {
    (void)cursor->close(cursor);
  }
  return code == DB_NOTFOUND ? total : -1;
}

int orders_close(DB_ENV *env, DB *book) {
  int code = book == NULL ? 0 : book->close(book, 0);
  int closed = env->close(env, 0);
  return code == 0 ? closed : code;
}
