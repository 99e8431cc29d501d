package io.github.bdbstandby.copy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On which kernels many files may be made durable together. */
final class SmallFilesTest {
  @ParameterizedTest
  @CsvSource({
    "4.19.0-27-amd64, false",
    "5.7.19, false",
    "5.8, true",
    "5.10.0-30-amd64, true",
    "6.1.0-18-arm64, true",
    "10.0, true",
    "5, false",
    "unknown, false"
  })
  void whereAFailureIsTold(String kernel, boolean told) {
    assertThat(SmallFiles.tellsFailures(kernel)).isEqualTo(told);
  }
}
