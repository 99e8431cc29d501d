package io.github.bdbstandby.bench;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One listing of the inactive log files of an environment in use. */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ListingMicro {
  private static final int CALLS = 50_000;

  private Listing listing;

  @Setup
  public void make() throws Exception {
    listing = Listing.in(Path.of("target", "bench", "micro-listing").toAbsolutePath());
  }

  @TearDown
  public void close() throws Exception {
    listing.close();
  }

  @Benchmark
  public int binding() {
    return listing.bound();
  }

  /** With the process's own start and join, which so many calls make small. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public double fromC() throws Exception {
    return listing.fromC(CALLS);
  }

  @Benchmark
  public void spawned() throws Exception {
    listing.spawned();
  }
}
