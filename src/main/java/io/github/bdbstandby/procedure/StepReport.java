package io.github.bdbstandby.procedure;

import java.time.Duration;

/**
 * What a step did.
 *
 * @param step which one
 * @param files how many files it copied, moved, removed or replayed
 * @param bytes their bytes
 * @param duration how long it took
 */
public record StepReport(StepName step, long files, long bytes, Duration duration) {}
