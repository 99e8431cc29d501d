/* An application that has libdb allocate its way: what it hands out, free() must never see. */
#include <db.h>
#include <stdlib.h>
#include <string.h>

DB_ENV *allocating_open(const char *home, u_int32_t more_flags);
long allocating_blocks(void);

/* Before each block its size. */
enum { HEAD = 64 };

static long blocks;

static void *allocate(size_t size) {
  char *block = malloc(size + HEAD);
  if (block == NULL) {
    return NULL;
  }
  memcpy(block, &size, sizeof(size));
  (void)__atomic_add_fetch(&blocks, 1, __ATOMIC_SEQ_CST);
  return block + HEAD;
}

static void release(void *block) {
  if (block != NULL) {
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
