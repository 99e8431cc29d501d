/* Something that looks like a DB_ENV and belongs to another version of libdb: nothing may be called through it. */
#include <db.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

char *db_version(int *major, int *minor, int *patch);
DB_ENV *other_env(int whole);
void other_free(DB_ENV *env);

char *db_version(int *major, int *minor, int *patch) {
  static char text[] = "Berkeley DB 6.2.32";
  if (major != NULL)
    *major = 6;
  if (minor != NULL)
    *minor = 2;
  if (patch != NULL)
    *patch = 32;
  return text;
}

/* Whoever calls a method of it is at fault. */
static int called(void) { abort(); }

/* Not whole: one of its methods is of nobody. */
DB_ENV *other_env(int whole) {
  DB_ENV *env = calloc(1, sizeof(*env));
  DB_ENV **inner = calloc(1, sizeof(*inner));
  int (*method)(void) = called;
  if (env == NULL || inner == NULL) {
    free(env);
    free(inner);
    return NULL;
  }
  *inner = env;
  memcpy(&env->env, &inner, sizeof(inner));
  memcpy(&env->close, &method, sizeof(method));
  memcpy(&env->dbbackup, &method, sizeof(method));
  memcpy(&env->get_home, &method, sizeof(method));
  memcpy(&env->get_open_flags, &method, sizeof(method));
  memcpy(&env->log_archive, &method, sizeof(method));
  memcpy(&env->log_stat, &method, sizeof(method));
  memcpy(&env->set_flags, &method, sizeof(method));
  if (whole) {
    memcpy(&env->txn_checkpoint, &method, sizeof(method));
  }
  return env;
}

void other_free(DB_ENV *env) {
  free(env->env);
  free(env);
}
