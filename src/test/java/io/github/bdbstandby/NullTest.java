package io.github.bdbstandby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.EnvironmentView;
import io.github.bdbstandby.standby.Environments;
import io.github.bdbstandby.standby.FailoverOptions;
import io.github.bdbstandby.standby.FollowMonitor;
import io.github.bdbstandby.standby.FollowOptions;
import io.github.bdbstandby.standby.Follower;
import io.github.bdbstandby.standby.Outcome;
import io.github.bdbstandby.standby.SnapshotOptions;
import io.github.bdbstandby.standby.Standby;
import io.github.bdbstandby.standby.StandbyListener;
import io.github.bdbstandby.standby.SyncOptions;
import io.github.bdbstandby.standby.VerifyOptions;
import io.github.bdbstandby.testkit.Writer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every public method that the library's entry points lead to refuses null where a reference is
 * wanted, names the parameter, and has done nothing yet.
 */
final class NullTest {
  private static final List<Class<?>> ENTRANCES =
      List.of(Standby.class, DbEnvironment.class, Environments.class, Outcome.class);

  /** Where null means none, and says so. */
  private static final Set<String> NULLABLE =
      Set.of(
          "EnvironmentOptions.Builder.logDirectory directory",
          "EnvironmentOptions.Builder.password bytes");

  @TempDir Path work;
  private Path home;

  @BeforeEach
  void environment() throws Exception {
    home = work.resolve("home");
    Writer.init(home);
  }

  @Test
  void isRefusedEverywhereAndByName() throws Exception {
    List<String> faults = new ArrayList<>();
    int looked = 0;
    Set<Class<?>> types = reachable();
    Set<Class<?>> wanted = wantedBy(types);
    for (Class<?> type : types) {
      for (Executable each : callable(type)) {
        if (each instanceof Constructor<?> && !wanted.contains(type)) {
          continue; // what the library gives and nobody makes
        }
        for (int i = 0; i < each.getParameterCount(); i++) {
          Parameter parameter = each.getParameters()[i];
          String name = name(type, each) + " " + parameter.getName();
          if (!parameter.getType().isPrimitive() && !NULLABLE.contains(name)) {
            looked++;
            fault(type, each, i).map(what -> name + ": " + what).ifPresent(faults::add);
          }
        }
      }
    }
    assertThat(faults).isEmpty();
    assertThat(looked).isGreaterThan(80);
    assertThat(work.resolve("standby")).doesNotExist();
  }

  private static String name(Class<?> type, Executable each) {
    String owner = type.getCanonicalName().substring(type.getPackageName().length() + 1);
    return owner + "." + (each instanceof Method ? each.getName() : "new");
  }

  /** The public types of ours that can be met from the entrances. */
  private static Set<Class<?>> reachable() {
    Set<Class<?>> found = new LinkedHashSet<>();
    Deque<Type> open = new ArrayDeque<>(ENTRANCES);
    while (!open.isEmpty()) {
      Type next = open.pop();
      if (next instanceof ParameterizedType generic) {
        open.addAll(List.of(generic.getActualTypeArguments()));
        open.push(generic.getRawType());
      } else if (next instanceof Class<?> type
          && type.getName().startsWith("io.github.bdbstandby.")
          && Modifier.isPublic(type.getModifiers())
          && found.add(type)) {
        open.addAll(List.of(type.getDeclaredClasses()));
        for (Executable each : callable(type)) {
          open.addAll(List.of(each.getGenericParameterTypes()));
          if (each instanceof Method method) {
            open.push(method.getGenericReturnType());
          }
        }
      }
    }
    return found;
  }

  /** What somebody has to make to call a method, or makes to begin with. */
  private static Set<Class<?>> wantedBy(Set<Class<?>> types) {
    Set<Class<?>> wanted = new LinkedHashSet<>(Set.of(FollowMonitor.class));
    for (Class<?> type : types) {
      for (Executable each : callable(type)) {
        if (each instanceof Method) {
          wanted.addAll(List.of(each.getParameterTypes()));
        }
      }
    }
    return wanted;
  }

  private static List<Executable> callable(Class<?> type) {
    Stream<Executable> constructors =
        Throwable.class.isAssignableFrom(type) || Modifier.isAbstract(type.getModifiers())
            ? Stream.empty()
            : Stream.of(type.getConstructors());
    return Stream.<Executable>concat(
            constructors,
            Arrays.stream(type.getMethods())
                .filter(each -> each.getDeclaringClass().getName().startsWith("io.github."))
                .filter(each -> !each.isBridge() && !Modifier.isAbstract(each.getModifiers()))
                .filter(each -> !each.getName().equals("equals") && !isOfAnEnum(type, each))
                .filter(each -> !isAListenersOwn(type)))
        .sorted(Comparator.comparing(Executable::toGenericString))
        .toList();
  }

  /** Its default methods do nothing with what they are told. */
  private static boolean isAListenersOwn(Class<?> type) {
    return type.isAssignableFrom(StandbyListener.class);
  }

  private static boolean isOfAnEnum(Class<?> type, Method method) {
    return type.isEnum() && method.getName().equals("valueOf");
  }

  /** What is wrong with a call that has null there; empty if nothing is. */
  private Optional<String> fault(Class<?> type, Executable each, int where) throws Exception {
    List<Object> arguments = new ArrayList<>();
    for (int i = 0; i < each.getParameterCount(); i++) {
      arguments.add(i == where ? null : sample(each.getParameters()[i].getType()));
    }
    try {
      if (each instanceof Constructor<?> constructor) {
        constructor.newInstance(arguments.toArray());
      } else {
        Method method = (Method) each;
        Object on = Modifier.isStatic(method.getModifiers()) ? null : sample(type);
        method.invoke(on, arguments.toArray());
      }
      return Optional.of("taken");
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getCause();
      String parameter = each.getParameters()[where].getName();
      return thrown instanceof NullPointerException && parameter.equals(thrown.getMessage())
          ? Optional.empty()
          : Optional.of(thrown.toString());
    }
  }

  private Object sample(Class<?> type) throws Exception {
    if (type == Path.class) {
      return work.resolve("nothing");
    } else if (type == Standby.class) {
      return Standby.at(work.resolve("standby"));
    } else if (type == Follower.class) {
      return ((Standby) sample(Standby.class))
          .startFollower(FollowOptions.defaults(), StandbyListener.NONE);
    } else if (type == FollowMonitor.class) {
      return new FollowMonitor(
          (Standby) sample(Standby.class), new SimpleMeterRegistry(), Duration.ofSeconds(1));
    } else if (EnvironmentView.class.isAssignableFrom(type)) {
      return DbEnvironment.join(home, EnvironmentOptions.defaults());
    } else if (type.isRecord()) {
      Class<?>[] types =
          Stream.of(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Object[] values = new Object[types.length];
      for (int i = 0; i < types.length; i++) {
        values[i] = sample(types[i]);
      }
      return type.getDeclaredConstructor(types).newInstance(values);
    } else if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    Object known = SAMPLES.get(type);
    if (known != null) {
      return known;
    }
    if (type.isInterface()) {
      return Proxy.newProxyInstance(
          getClass().getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null);
    }
    throw new AssertionError("give a sample of " + type);
  }

  private static final Map<Class<?>, Object> SAMPLES =
      Map.ofEntries(
          Map.entry(boolean.class, false),
          Map.entry(int.class, 1 << 20),
          Map.entry(long.class, 1L << 20),
          Map.entry(double.class, 1.0),
          Map.entry(String.class, "x"),
          Map.entry(Object.class, "x"),
          Map.entry(byte[].class, new byte[] {1}),
          Map.entry(Optional.class, Optional.empty()),
          Map.entry(List.class, List.of()),
          Map.entry(Set.class, Set.of()),
          Map.entry(Duration.class, Duration.ofSeconds(1)),
          Map.entry(Instant.class, Instant.EPOCH),
          Map.entry(MeterRegistry.class, new SimpleMeterRegistry()),
          Map.entry(EnvironmentOptions.class, EnvironmentOptions.defaults()),
          Map.entry(EnvironmentOptions.Builder.class, EnvironmentOptions.builder()),
          Map.entry(SnapshotOptions.Builder.class, SnapshotOptions.builder()),
          Map.entry(SyncOptions.Builder.class, SyncOptions.builder()),
          Map.entry(FollowOptions.Builder.class, FollowOptions.builder()),
          Map.entry(VerifyOptions.Builder.class, VerifyOptions.builder()),
          Map.entry(FailoverOptions.Builder.class, FailoverOptions.builder()),
          Map.entry(String[].class, new String[] {"x"}));
}
