package io.github.bdbstandby.libdb;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.function.LongFunction;

/**
 * The {@code DB_ENV} within a {@code com.sleepycat.db.Environment}, found by reflection: the
 * official API need not be there unless it is used.
 *
 * <p>Its {@code Environment} keeps a {@code DbEnv}, which keeps the pointer and closes it in a
 * synchronized method, where it also sets it to 0. So who holds the monitor of the {@code DbEnv}
 * and sees a pointer has one that stays good: the application's {@code close} waits for a call of
 * ours, and after it there is none.
 */
final class OfficialHandle implements HandleOwner {

  private static final String ENVIRONMENT = "com.sleepycat.db.Environment";

  /** One identity for each environment, however often it is attached to. */
  private static final Map<Object, String> IDENTITIES =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final Object inner;
  private final Field pointer;
  private final String identity;

  private OfficialHandle(Object inner, Field pointer) {
    this.inner = inner;
    this.pointer = pointer;
    this.identity = IDENTITIES.computeIfAbsent(inner, any -> UUID.randomUUID().toString());
  }

  /**
   * Finds it.
   *
   * @throws IllegalArgumentException if this is no environment of the official API, or one that is
   *     built otherwise
   * @throws VersionMismatchException if the API is not of Berkeley DB 5.3
   */
  static OfficialHandle of(Object environment) {
    Class<?> type = environment.getClass();
    while (type != null && !type.getName().equals(ENVIRONMENT)) {
      type = type.getSuperclass();
    }
    if (type == null) {
      throw new IllegalArgumentException(
          "a " + environment.getClass().getName() + " is no " + ENVIRONMENT);
    }
    try {
      refuseVersion(type);
      Method unwrap = type.getDeclaredMethod("unwrap");
      unwrap.setAccessible(true);
      Object inner = unwrap.invoke(environment);
      Field pointer = unwrap.getReturnType().getDeclaredField("swigCPtr");
      pointer.setAccessible(true);
      return new OfficialHandle(inner, pointer);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(ENVIRONMENT + " does not answer", e.getCause());
    } catch (ReflectiveOperationException | RuntimeException e) {
      if (e instanceof DbException known) {
        throw known;
      }
      throw new IllegalArgumentException(
          "this "
              + ENVIRONMENT
              + " is not built like that of Berkeley DB 5.3, or its module is closed to us: "
              + e.getMessage(),
          e);
    }
  }

  private static void refuseVersion(Class<?> type) throws ReflectiveOperationException {
    int major = (Integer) type.getMethod("getVersionMajor").invoke(null);
    int minor = (Integer) type.getMethod("getVersionMinor").invoke(null);
    int patch = (Integer) type.getMethod("getVersionPatch").invoke(null);
    Attachment.refuseOther(new int[] {major, minor, patch}, ENVIRONMENT);
  }

  @Override
  public <T> T lend(LongFunction<T> call) {
    synchronized (inner) {
      long now;
      try {
        now = pointer.getLong(inner);
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
      if (now == 0) {
        throw new ClosedEnvironmentException("the application has closed its environment");
      }
      return call.apply(now);
    }
  }

  /** It is the application's to close. */
  @Override
  public void close() {}

  @Override
  public Optional<String> identity() {
    return Optional.of(identity);
  }
}
