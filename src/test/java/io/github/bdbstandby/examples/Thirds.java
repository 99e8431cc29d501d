package io.github.bdbstandby.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The medians of the thirds of a run's samples. The first third is warm-up: classes, compiled code
 * and caches come in it. What is lost in each round makes the last third higher than the middle one
 * by a third of the rounds times the loss; a median does not mind single high samples.
 */
record Thirds(Sample first, Sample middle, Sample last) {
  /**
   * By how much the last third may exceed the middle one.
   *
   * @param heap in kB
   * @param resident in kB
   */
  record Allowance(long heap, long resident) {}

  static Thirds of(List<Sample> samples) {
    assertThat(samples).as("samples").hasSizeGreaterThanOrEqualTo(9);
    int third = samples.size() / 3;
    return new Thirds(
        median(samples.subList(0, third)),
        median(samples.subList(third, 2 * third)),
        median(samples.subList(2 * third, samples.size())));
  }

  private static Sample median(List<Sample> samples) {
    return new Sample(
        median(samples, Sample::heap),
        median(samples, Sample::resident),
        median(samples, Sample::descriptors),
        median(samples, Sample::threads),
        median(samples, Sample::direct));
  }

  private static long median(List<Sample> samples, ToLongFunction<Sample> figure) {
    return samples.stream()
        .mapToLong(figure)
        .sorted()
        .skip(samples.size() / 2)
        .findFirst()
        .orElseThrow();
  }

  /**
   * Nothing has grown: descriptors, threads and direct buffers not at all, memory by no more than
   * an allocator's and a compiler's unrest.
   */
  void assertFlat(Allowance allowance) {
    assertThat(last.heap())
        .as("%s: heap", this)
        .isLessThanOrEqualTo(middle.heap() + allowance.heap());
    assertThat(last.resident())
        .as("%s: resident", this)
        .isLessThanOrEqualTo(middle.resident() + allowance.resident());
    assertThat(last.descriptors()).as("%s", this).isLessThanOrEqualTo(middle.descriptors());
    assertThat(last.threads()).as("%s", this).isLessThanOrEqualTo(middle.threads());
    assertThat(last.direct()).as("%s", this).isLessThanOrEqualTo(middle.direct());
  }
}
