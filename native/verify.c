/* DB->verify of one file. */
#include "shim.h"

#include <stdlib.h>

void JNICALL shim_verify(JNIEnv *jni, jclass type, jlong pointer, jbyteArray name, jint flags) {
  struct call call;
  DB_ENV *env = env_of(pointer);
  DB *db = NULL;
  int code = 0;
  (void)type;
  call_begin(&call, jni, env, "DB->verify");
  call.subject = bytes_copy(jni, name);
  if (call.subject != NULL) {
    code = db_create(&db, env, 0);
    if (code == 0) {
      /* Frees the handle, whatever it returns. */
      code = db->verify(db, call.subject, NULL, NULL, (u_int32_t)flags);
    }
  }
  (void)call_end(&call, code);
}
