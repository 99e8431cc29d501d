/*
 * Calls and their errors: what libdb says during a call is collected by the thread that makes it, and call_end is the one
 * place where a return code becomes an exception.
 */
#include "shim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A damaged file or a full disk can make libdb say a line for each page: the first ones and the last ones are kept. */
enum { FIRST_MESSAGES = 20, MOST_MESSAGES = 40 };

/* Per thread, so that two calls on one handle do not mix their messages. */
static _Thread_local struct call *current;

struct call *call_current(void) { return current; }

void call_begin(struct call *call, JNIEnv *jni, DB_ENV *env, const char *operation) {
  const char *home = NULL;
  memset(call, 0, sizeof(*call));
  call->jni = jni;
  call->operation = operation;
  call->outer = current;
  current = NULL; /* of an environment that is not open yet, libdb says here that it can't be asked */
  if (env != NULL && env->get_home(env, &home) == 0 && home != NULL) {
    call->home = strdup(home);
  }
  current = call;
}

void call_note(struct call *call, const char *message) {
  if (call->message_count == MOST_MESSAGES) {
    free(call->messages[FIRST_MESSAGES]);
    memmove(&call->messages[FIRST_MESSAGES], &call->messages[FIRST_MESSAGES + 1],
            (MOST_MESSAGES - FIRST_MESSAGES - 1) * sizeof(*call->messages));
    call->message_count--;
    call->messages_dropped++;
  }
  char **grown = realloc(call->messages, (call->message_count + 1) * sizeof(*grown));
  char *copy = strdup(message);
  if (grown != NULL) {
    call->messages = grown;
  }
  if (grown == NULL || copy == NULL) {
    free(copy);
    call->messages_dropped++;
    return;
  }
  call->messages[call->message_count++] = copy;
}

bool call_keep_exception(struct call *call) {
  jthrowable pending = (*call->jni)->ExceptionOccurred(call->jni);
  if (pending == NULL) {
    return false;
  }
  (*call->jni)->ExceptionClear(call->jni);
  if (call->thrown == NULL) {
    call->thrown = pending; /* a local reference: good until the native method returns */
  } else {
    (*call->jni)->DeleteLocalRef(call->jni, pending);
  }
  return true;
}

jobjectArray call_messages(struct call *call) {
  if (call->messages_dropped > 0) {
    char text[64];
    (void)snprintf(text, sizeof(text), "(%zu more messages)", call->messages_dropped);
    char *copy = call->message_count > FIRST_MESSAGES ? strdup(text) : NULL;
    if (copy != NULL) {
      free(call->messages[FIRST_MESSAGES]);
      call->messages[FIRST_MESSAGES] = copy;
    }
  }
  return bytes_from_strings(call->jni, (const char *const *)call->messages, call->message_count);
}

static void throw_failure(struct call *call, int code) {
  JNIEnv *jni = call->jni;
  jbyteArray operation = bytes_from_string(jni, call->operation);
  jbyteArray home = bytes_from_string(jni, call->home);
  jbyteArray subject = bytes_from_string(jni, call->subject);
  jobjectArray messages = (*jni)->ExceptionCheck(jni) ? NULL : call_messages(call);
  if (messages == NULL) {
    return; /* out of memory: that exception is pending */
  }
  jobject failure = (*jni)->CallStaticObjectMethod(jni, shim_ids.failures_class, shim_ids.failures_of, (jint)code,
                                                   operation, home, subject, messages);
  if (!(*jni)->ExceptionCheck(jni) && failure != NULL) {
    (void)(*jni)->Throw(jni, (jthrowable)failure);
  }
}

bool call_end(struct call *call, int code) {
  JNIEnv *jni = call->jni;
  current = call->outer;
  /* The first cause survives: never over a pending exception, and a callback's before libdb's. */
  if (!(*jni)->ExceptionCheck(jni)) {
    if (call->thrown != NULL) {
      (void)(*jni)->Throw(jni, call->thrown);
    } else if (code != 0) {
      throw_failure(call, code);
    }
  }
  for (size_t i = 0; i < call->message_count; i++) {
    free(call->messages[i]);
  }
  free(call->messages);
  free(call->home);
  free(call->subject);
  return !(*jni)->ExceptionCheck(jni);
}

/* Without a callback libdb writes to standard error, and its messages to standard output. */
void on_error(const DB_ENV *env, const char *prefix, const char *message) {
  (void)env;
  (void)prefix;
  if (current != NULL && message != NULL) {
    call_note(current, message);
  }
}

void on_message(const DB_ENV *env, const char *message) { on_error(env, NULL, message); }
