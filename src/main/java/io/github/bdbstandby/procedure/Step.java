package io.github.bdbstandby.procedure;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;

/** One numbered line of a procedure. Implementations hold nothing; all is in the cycle. */
public interface Step {
  /** Which of the guide's steps it is. */
  StepName name();

  /** What {@link #run} would do now; changes nothing. */
  StepPlan plan(Cycle cycle) throws IOException;

  /**
   * Does it. When this returns, what was written is durable.
   *
   * @return files and bytes; the runner adds the time
   */
  Work run(Cycle cycle) throws IOException;

  /**
   * What a step did.
   *
   * @param files how many
   * @param bytes of them all
   * @param before time spent on it before {@link Step#run} was called
   */
  record Work(long files, long bytes, Duration before) {
    /** Nothing, in no time. */
    public static final Work NONE = new Work(0, 0);

    /** With no time spent before. */
    public Work(long files, long bytes) {
      this(files, bytes, Duration.ZERO);
    }

    /** One file more. */
    public Work plus(long moreBytes) {
      return new Work(files + 1, bytes + moreBytes, before);
    }

    /** The same with time spent before. */
    public Work after(Duration spent) {
      Objects.requireNonNull(spent, "spent");
      return new Work(files, bytes, spent);
    }
  }
}
