package io.github.bdbstandby.libdb;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What it costs to go through the shim at all. */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CrossingMicro {
  private long handle;

  @Setup
  public void create() {
    handle = Shim.create();
  }

  @TearDown
  public void close() {
    Shim.close(handle);
  }

  /** A number from libdb, which reads one field for it. */
  @Benchmark
  public int number() {
    return Shim.getFlags(handle);
  }

  /** An array back from the shim, without libdb. */
  @Benchmark
  public int[] array() {
    return Shim.versions();
  }

  /** A name there. */
  @Benchmark
  public int name() {
    return Shim.constant("DB_ARCH_ABS");
  }
}
