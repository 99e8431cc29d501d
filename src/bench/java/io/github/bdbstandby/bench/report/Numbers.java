package io.github.bdbstandby.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers for readers: three digits that count, and no digit of a whole number lost. */
final class Numbers {
  private static final MathContext DIGITS = new MathContext(3, RoundingMode.HALF_UP);

  private Numbers() {}

  /** Without noughts at the end: for what is given, not measured. */
  static String round(double value) {
    String shown = show(value);
    return shown.contains(".") && !shown.contains("E") ? shown.replaceAll("\\.?0+$", "") : shown;
  }

  static String show(double value) {
    if (Math.abs(value) >= 100) {
      return String.format(Locale.ROOT, "%,d", Math.round(value));
    }
    if (value == Math.rint(value)) {
      return String.valueOf((long) value);
    }
    BigDecimal rounded = new BigDecimal(value).round(DIGITS);
    return Math.abs(value) < 1e-6 ? rounded.toString() : rounded.toPlainString();
  }
}
