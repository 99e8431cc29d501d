package io.github.bdbstandby.procedure;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.Subsystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DB_CONFIG is read as libdb reads it. */
final class DbConfigTest {
  @TempDir Path home;

  private DbConfig config(String latin1) throws IOException {
    Files.write(home.resolve(DbConfig.FILE), latin1.getBytes(ISO_8859_1));
    return DbConfig.of(home);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "add_data_dir a\nadd_data_dir b\n",
        "add_data_dir a\r\nset_lg_dir b\r\n",
        "add_data_dir a\rb\n",
        "add_data_dir a\r\r\n",
        " \t\u000B\fadd_data_dir \t a  b \t\n",
        "add_data_dir\ta\n",
        "#add_data_dir a\nadd_data_dir b # no comment\n",
        "add_data_dir a\n\n  \nset_lg_dir b\nset_lg_dir c",
        "db_data_dir a\ndb_log_dir b\n",
        "set_data_dir \u00C3\u00A9\nadd_data_dir \u00E9\u00FF\nset_lg_dir \u0085\u00A0\u001C \n"
      })
  void directoriesAreThoseOfLibdb(String text) throws IOException {
    DbConfig config = config(text);
    EnvironmentOptions options =
        EnvironmentOptions.builder().logDirectory("in code").addDataDirectory("coded").build();
    try (DbEnvironment libdb = DbEnvironment.openPrivate(home, Set.of(Subsystem.MPOOL), options)) {
      assertThat(libdb.logDirectory()).isEqualTo(config.logDirectory(options));
      // Those of the code come first there.
      assertThat(libdb.dataDirectories())
          .containsExactlyInAnyOrderElementsOf(
              config.with(List.of("coded"), Optional.empty()).dataDirectories());
    }
    byte[] bytes =
        text.endsWith("\n") ? text.getBytes(ISO_8859_1) : (text + "\n").getBytes(ISO_8859_1);
    assertThat(config.bytes()).isEqualTo(bytes);
  }

  @Test
  void whatTheCodeSetsIsWrittenByteForByte() throws IOException {
    String name = FileNames.decode(new byte[] {'x', (byte) 0xE9, ' '});
    DbConfig config = config("set_cachesize 0 65536 1\n").with(List.of(name), Optional.of("é"));
    assertThat(config.bytes())
        .isEqualTo(
            "set_cachesize 0 65536 1\nadd_data_dir x\u00E9 \nset_lg_dir \u00C3\u00A9\n"
                .getBytes(ISO_8859_1));
    assertThat(config.dataDirectories()).containsExactly(name);
    assertThat(config.logDirectory()).contains("é");
    assertThat(config.with(List.of(name), Optional.of("other"))).isEqualTo(config);
    assertThatThrownBy(() -> config.with(List.of("a\nb"), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a\\x0Ab");
  }

  @Test
  void noFileHasNoLines() throws IOException {
    assertThat(DbConfig.of(home).lines()).isEmpty();
    assertThat(DbConfig.of(home).bytes()).isEmpty();
    assertThat(config("").bytes()).isEmpty();
    assertThat(DbConfig.logDirectory(home, EnvironmentOptions.defaults())).isEqualTo(home);
  }

  /** libdb compares these without case. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "log_set_config DB_LOG_AUTO_REMOVE on",
        "log_set_config db_log_auto_remove on",
        "LOG_SET_CONFIG\tDb_Log_Auto_Remove",
        "set_flags DB_LOG_AUTOREMOVE on\r",
        "  Set_Flags  db_log_autoremove",
        "set_open_flags DB_REGISTER on",
        "SET_OPEN_FLAGS db_init_rep"
      })
  void aStandbyIsWithoutWhatHarmsIt(String line) throws IOException {
    String others = "set_cachesize 0 65536 1\n#set_open_flags\n\nadd_data_dir DB_LOG_AUTO_REMOVE\n";
    DbConfig config = config(others + line + "\n");
    assertThat(new String(config.forStandby().bytes(), ISO_8859_1)).isEqualTo(others);
  }

  @Test
  void theLastOfAnOpenFlagHolds() throws IOException {
    DbConfig config =
        config(
            String.join(
                "\n",
                List.of(
                    "set_open_flags DB_REGISTER",
                    "SET_OPEN_FLAGS db_init_rep ON",
                    "set_open_flags db_register OFF",
                    "set_open_flags db_private off",
                    "")));
    assertThat(config.openFlags()).containsExactly("db_init_rep");
    assertThat(config.withoutOpenFlags().lines()).isEmpty();
  }
}
