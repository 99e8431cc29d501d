/* Bytes across the border: names cross as the file system's own bytes, never as JNI's modified UTF-8. */
#include "shim.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

DB_ENV *env_of(jlong pointer) { return (DB_ENV *)(intptr_t)pointer; }

void free_of(DB_ENV *env, void *block) {
  void *(*allocate)(size_t) = NULL;
  void *(*reallocate)(void *, size_t) = NULL;
  void (*release)(void *) = NULL;
  if (block != NULL && env->get_alloc(env, &allocate, &reallocate, &release) == 0 && release != NULL) {
    release(block);
  } else {
    free(block);
  }
}

void throw_out_of_memory(JNIEnv *jni) {
  if ((*jni)->ExceptionCheck(jni)) {
    return;
  }
  jclass type = (*jni)->FindClass(jni, "java/lang/OutOfMemoryError");
  if (type != NULL) {
    (void)(*jni)->ThrowNew(jni, type, "no native memory");
  }
}

char *bytes_copy(JNIEnv *jni, jbyteArray bytes) {
  if (bytes == NULL) {
    return NULL;
  }
  jsize size = (*jni)->GetArrayLength(jni, bytes);
  char *copy = malloc((size_t)size + 1);
  if (copy == NULL) {
    throw_out_of_memory(jni);
    return NULL;
  }
  (*jni)->GetByteArrayRegion(jni, bytes, 0, size, (jbyte *)copy);
  copy[size] = '\0';
  return copy;
}

void bytes_free_secret(char *secret) {
  if (secret != NULL) {
    /* Through a volatile pointer, or the compiler leaves the wiping out. */
    volatile char *byte = secret;
    while (*byte != '\0') {
      *byte++ = '\0';
    }
    free(secret);
  }
}

jbyteArray bytes_from(JNIEnv *jni, const void *data, size_t size) {
  if (size > INT_MAX) {
    throw_out_of_memory(jni);
    return NULL;
  }
  jbyteArray array = (*jni)->NewByteArray(jni, (jsize)size);
  if (array != NULL && size > 0) {
    (*jni)->SetByteArrayRegion(jni, array, 0, (jsize)size, (const jbyte *)data);
  }
  return array;
}

jbyteArray bytes_from_string(JNIEnv *jni, const char *text) {
  return text == NULL ? NULL : bytes_from(jni, text, strlen(text));
}

jobjectArray bytes_from_strings(JNIEnv *jni, const char *const *strings, size_t count) {
  if (count > INT_MAX) {
    throw_out_of_memory(jni);
    return NULL;
  }
  jobjectArray array = (*jni)->NewObjectArray(jni, (jsize)count, shim_ids.byte_array_class, NULL);
  for (size_t i = 0; array != NULL && i < count; i++) {
    jbyteArray element = bytes_from_string(jni, strings[i]);
    if (element == NULL) {
      return NULL;
    }
    (*jni)->SetObjectArrayElement(jni, array, (jsize)i, element);
    (*jni)->DeleteLocalRef(jni, element);
    if ((*jni)->ExceptionCheck(jni)) {
      return NULL;
    }
  }
  return array;
}
