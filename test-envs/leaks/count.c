/*
 * Counts blocks of memory that certain libraries have asked for and nobody has freed yet. Loaded before libc (LD_PRELOAD);
 * whose a block is, the return address tells. Freeing counts wherever it is done.
 */
#include <link.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* glibc's own, by which these are made. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void __libc_free(void *block);

#define EXPORT __attribute__((visibility("default")))
#define CALLER __builtin_return_address(0)

enum { MOST_LIBRARIES = 8, SLOTS = 1 << 20 };

static struct {
  uintptr_t from;
  uintptr_t to;
} watched[MOST_LIBRARIES];
static size_t watched_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Open addressing; a removed block leaves a grave. */
#define GRAVE ((void *)1)
static void *blocks[SLOTS];
static long count;
static long seen;

static bool is_watched(const void *caller) {
  const uintptr_t address = (uintptr_t)caller;
  for (size_t i = 0; i < watched_count; i++) {
    if (address >= watched[i].from && address < watched[i].to) {
      return true;
    }
  }
  return false;
}

static size_t slot_of(const void *block) { return ((uintptr_t)block >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 44; }

static void add(void *block, const void *caller) {
  if (block == NULL || !is_watched(caller)) {
    return;
  }
  (void)pthread_mutex_lock(&lock);
  size_t slot = slot_of(block);
  while (blocks[slot] != NULL && blocks[slot] != GRAVE) {
    slot = (slot + 1) % SLOTS;
  }
  blocks[slot] = block;
  count++;
  seen++;
  (void)pthread_mutex_unlock(&lock);
}

static void forget(const void *block) {
  if (block == NULL || watched_count == 0) {
    return;
  }
  (void)pthread_mutex_lock(&lock);
  for (size_t slot = slot_of(block); blocks[slot] != NULL; slot = (slot + 1) % SLOTS) {
    if (blocks[slot] == block) {
      blocks[slot] = GRAVE;
      count--;
      break;
    }
  }
  (void)pthread_mutex_unlock(&lock);
}

EXPORT void *malloc(size_t size) {
  void *block = __libc_malloc(size);
  add(block, CALLER);
  return block;
}

EXPORT void *calloc(size_t number, size_t size) {
  void *block = __libc_calloc(number, size);
  add(block, CALLER);
  return block;
}

EXPORT void *realloc(void *block, size_t size) {
  forget(block);
  void *grown = __libc_realloc(block, size);
  add(grown, CALLER);
  return grown;
}

EXPORT void free(void *block) {
  forget(block);
  __libc_free(block);
}

static char *copy_of(const char *text, size_t size, const void *caller) {
  char *copy = __libc_malloc(size + 1);
  if (copy != NULL) {
    memcpy(copy, text, size);
    copy[size] = '\0';
    add(copy, caller);
  }
  return copy;
}

EXPORT char *strdup(const char *text) { return copy_of(text, strlen(text), CALLER); }

EXPORT char *strndup(const char *text, size_t size) { return copy_of(text, strnlen(text, size), CALLER); }

static int watch(struct dl_phdr_info *library, size_t size, void *name) {
  (void)size;
  if (strstr(library->dlpi_name, name) == NULL || watched_count == MOST_LIBRARIES) {
    return 0;
  }
  uintptr_t from = UINTPTR_MAX;
  uintptr_t to = 0;
  for (size_t i = 0; i < library->dlpi_phnum; i++) {
    const ElfW(Phdr) *segment = &library->dlpi_phdr[i];
    if (segment->p_type == PT_LOAD) {
      const uintptr_t start = library->dlpi_addr + segment->p_vaddr;
      from = start < from ? start : from;
      to = start + segment->p_memsz > to ? start + segment->p_memsz : to;
    }
  }
  watched[watched_count].from = from;
  watched[watched_count].to = to;
  watched_count++;
  return 1;
}

/* Watches the loaded library that has this in its file's name, from now on; 0 if there is none. Not while it is at work. */
EXPORT int leaks_watch(char *name) { return dl_iterate_phdr(watch, name); }

/* Blocks that are not freed. */
EXPORT long leaks_count(void) { return count; }

/* Blocks ever counted. */
EXPORT long leaks_seen(void) { return seen; }
