/* A DB_ENV that somebody else has made: looked at before anything is called through it. */
#define _GNU_SOURCE /* dladdr */
#include "shim.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

typedef char *(*version_function)(int *, int *, int *);

/* Reads memory that may not be there: /proc says so with an error, where a pointer would end the process. */
static bool peek(const void *from, void *to, size_t size) {
  const off_t offset = (off_t)(uintptr_t)from;
  int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  if (memory < 0) {
    return false;
  }
  ssize_t got = offset < 0 ? -1 : pread(memory, to, size, offset);
  (void)close(memory);
  return got >= 0 && (size_t)got == size;
}

/* Where the library or program begins that this address is in; NULL if in none. */
static const void *module_of(const void *address, const char **file) {
  Dl_info info;
  if (address == NULL || dladdr(address, &info) == 0) {
    return NULL;
  }
  if (file != NULL) {
    *file = info.dli_fname;
  }
  return info.dli_fbase;
}

/* A function pointer as an address: POSIX allows it, ISO C does not speak of it. */
#define ADDRESS_OF(method, address) memcpy(&(address), &(method), sizeof(address))

/* The library whose functions the handle has, all of them of the same one; NULL if it is no DB_ENV as we know it. */
static const void *module_of_methods(const DB_ENV *env, const char **file) {
  const void *methods[8];
  ADDRESS_OF(env->close, methods[0]);
  ADDRESS_OF(env->dbbackup, methods[1]);
  ADDRESS_OF(env->get_home, methods[2]);
  ADDRESS_OF(env->get_open_flags, methods[3]);
  ADDRESS_OF(env->log_archive, methods[4]);
  ADDRESS_OF(env->log_stat, methods[5]);
  ADDRESS_OF(env->set_flags, methods[6]);
  ADDRESS_OF(env->txn_checkpoint, methods[7]);
  const void *module = module_of(methods[0], file);
  for (size_t i = 1; module != NULL && i < sizeof(methods) / sizeof(methods[0]); i++) {
    module = module_of(methods[i], NULL) == module ? module : NULL;
  }
  return module;
}

/* db_version of the very library that the handle's functions are in; NULL if it does not show it. */
static version_function version_of(const void *module, const char *file) {
  static const char *const names[] = {"db_version", "db_version_5003"};
  version_function function = NULL;
  void *library = file == NULL ? NULL : dlopen(file, RTLD_LAZY | RTLD_NOLOAD);
  if (library == NULL) {
    library = dlopen(NULL, RTLD_LAZY); /* the program itself, with libdb linked into it */
  }
  for (size_t i = 0; library != NULL && function == NULL && i < sizeof(names) / sizeof(names[0]); i++) {
    const void *symbol = dlsym(library, names[i]);
    if (module_of(symbol, NULL) == module) {
      memcpy(&function, &symbol, sizeof(function));
    }
  }
  if (library != NULL) {
    (void)dlclose(library); /* its owner keeps it loaded */
  }
  return function;
}

/*
 * Major, minor and patch of the library that a DB_ENV belongs to: three zeros if it does not show its version, NULL if no
 * DB_ENV of a kind that we know is there.
 */
jintArray JNICALL shim_version_of(JNIEnv *jni, jclass type, jlong pointer) {
  DB_ENV env;
  const DB_ENV *back = NULL;
  const char *file = NULL;
  jint figures[3] = {0, 0, 0};
  (void)type;
  /* The first member of the ENV within, which no header shows, leads back. */
  if (!peek(env_of(pointer), &env, sizeof(env)) || !peek(env.env, &back, sizeof(back)) || back != env_of(pointer)) {
    return NULL;
  }
  const void *module = module_of_methods(&env, &file);
  if (module == NULL) {
    return NULL;
  }
  version_function version = version_of(module, file);
  if (version != NULL) {
    (void)version(&figures[0], &figures[1], &figures[2]);
  }
  jintArray array = (*jni)->NewIntArray(jni, 3);
  if (array != NULL) {
    (*jni)->SetIntArrayRegion(jni, array, 0, 3, figures);
  }
  return array;
}

jbyteArray JNICALL shim_get_home(JNIEnv *jni, jclass type, jlong pointer) {
  DB_ENV *env = env_of(pointer);
  const char *home = NULL;
  (void)type;
  return env->get_home(env, &home) == 0 ? bytes_from_string(jni, home) : NULL;
}
