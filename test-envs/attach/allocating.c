/* An application that has libdb allocate its way: what it hands out, free() must never see. */
#include <db.h>
#include <stdlib.h>
#include <string.h>

DB_ENV *allocating_open(const char *home, u_int32_t more_flags);
long allocating_blocks(void);
long allocating_overruns(void);
int allocating_rename_next(DB_ENV *env, const char *from, const char *to);
void allocating_rename_none(void);

/* Before each block its size, behind it what nobody may write to. */
enum { HEAD = 64, TAIL = 4096, GUARD = 0xa5 };

static long blocks;
static long overruns;

/* What another thread does to a database while libdb waits for its block. */
static struct {
  DB_ENV *env;
  const char *from;
  const char *to;
} renaming;

static void rename_now(void) {
  DB_ENV *env = renaming.env;
  renaming.env = NULL;
  if (env != NULL) {
    (void)env->dbrename(env, NULL, renaming.from, NULL, renaming.to, DB_AUTO_COMMIT);
  }
}

static void *allocate(size_t size) {
  char *block = malloc(size + HEAD + TAIL);
  if (block == NULL) {
    return NULL;
  }
  memcpy(block, &size, sizeof(size));
  memset(block + HEAD + size, GUARD, TAIL);
  rename_now();
  (void)__atomic_add_fetch(&blocks, 1, __ATOMIC_SEQ_CST);
  return block + HEAD;
}

static void release(void *block) {
  if (block != NULL) {
    size_t size = 0;
    memcpy(&size, (char *)block - HEAD, sizeof(size));
    const unsigned char *tail = (const unsigned char *)block + size;
    for (int i = 0; i < TAIL; i++) {
      if (tail[i] != GUARD) {
        (void)__atomic_add_fetch(&overruns, 1, __ATOMIC_SEQ_CST);
        break;
      }
    }
    (void)__atomic_sub_fetch(&blocks, 1, __ATOMIC_SEQ_CST);
    free((char *)block - HEAD);
  }
}

static void *reallocate(void *block, size_t size) {
  void *grown = allocate(size);
  if (grown != NULL && block != NULL) {
    size_t old = 0;
    memcpy(&old, (char *)block - HEAD, sizeof(old));
    memcpy(grown, block, old < size ? old : size);
    release(block);
  }
  return grown;
}

/* Blocks that libdb has handed out and nobody has given back. */
long allocating_blocks(void) { return __atomic_load_n(&blocks, __ATOMIC_SEQ_CST); }

/* Blocks behind whose end somebody has written. */
long allocating_overruns(void) { return __atomic_load_n(&overruns, __ATOMIC_SEQ_CST); }

/* Makes a database, which is closed again, to be renamed with the next block; the strings must stay. */
int allocating_rename_next(DB_ENV *env, const char *from, const char *to) {
  DB *db = NULL;
  int code = db_create(&db, env, 0);
  if (code != 0) {
    return code;
  }
  code = db->open(db, NULL, from, NULL, DB_BTREE, DB_CREATE | DB_AUTO_COMMIT, 0);
  int closed = db->close(db, 0);
  renaming.from = from;
  renaming.to = to;
  renaming.env = env;
  return code == 0 ? closed : code;
}

/* If no block was asked for: the environment will be closed, and the next one be another. */
void allocating_rename_none(void) { renaming.env = NULL; }

/* NULL if it can't be opened. */
DB_ENV *allocating_open(const char *home, u_int32_t more_flags) {
  DB_ENV *env = NULL;
  const u_int32_t flags = DB_CREATE | DB_INIT_LOCK | DB_INIT_LOG | DB_INIT_MPOOL | DB_INIT_TXN;
  if (db_env_create(&env, 0) != 0) {
    return NULL;
  }
  if (env->set_alloc(env, allocate, reallocate, release) != 0 || env->open(env, home, flags | more_flags, 0) != 0) {
    (void)env->close(env, 0);
    return NULL;
  }
  return env;
}
