package io.github.bdbstandby.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind is followed, failed over and failed back, as the table in README says. */
final class CatalogueTest {
  private static final Catalogue CATALOGUE = new Catalogue();

  /** Those that take no minutes. */
  static List<Kind> shortKinds() throws IOException {
    return kinds().stream().filter(kind -> !kind.isLong()).toList();
  }

  /** All, or those that {@code -Dcatalogue.kinds=PATTERN} names. */
  static List<Kind> kinds() throws IOException {
    String wanted = System.getProperty("catalogue.kinds", ".*");
    return Catalogue.kinds().stream().filter(kind -> kind.name().matches(wanted)).toList();
  }

  @ParameterizedTest
  @MethodSource("shortKinds")
  void everyKind(Kind kind) throws IOException {
    go(kind, 5, 40);
  }

  /** How long is said by {@code -Dcatalogue.syncs=N}. */
  @ParameterizedTest
  @MethodSource("kinds")
  @Tag("soak")
  void everyKindForLonger(Kind kind) throws IOException {
    go(kind, Integer.getInteger("catalogue.syncs", 40), 200);
  }

  private static void go(Kind kind, int syncs, long pause) throws IOException {
    Row row = new Journey(kind, syncs, pause).go();
    CATALOGUE.add(row);
    assertThat(row).isEqualTo(Row.expected(kind));
  }

  /** The table there is the one that this test leaves in {@code target/catalogue.md}. */
  @Test
  void readmeHasTheTable() throws IOException {
    assertThat(Catalogue.inReadme())
        .isEqualTo(Catalogue.table(Catalogue.kinds().stream().map(Row::expected).toList()));
  }

  @AfterAll
  static void leave() throws IOException {
    CATALOGUE.write();
  }
}
