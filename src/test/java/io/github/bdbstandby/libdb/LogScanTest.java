package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scan sees what db5.3_printlog prints. */
class LogScanTest {

  private static final Pattern HEAD =
      Pattern.compile(
          "\\[(\\d+)\\]\\[(\\d+)\\]([a-z_0-9]+)(?:_debug)?: rec: (\\d+) txnp ([0-9a-f]+).*");
  private static final Set<Subsystem> LOG = Set.of(Subsystem.LOG, Subsystem.MPOOL);
  private static final Set<LogRecordType> ALL = Set.of(LogRecordType.values());

  @TempDir Path temp;

  /** A record as printed: its place, type, transaction and fields. */
  private record Printed(Lsn lsn, int type, long transaction, Map<String, String> fields) {}

  private static List<Printed> printed(Path home) {
    String out = Tools.runOk("db5.3_printlog", "-h", home.toString()).out();
    List<Printed> records = new ArrayList<>();
    for (String line : out.lines().toList()) {
      Matcher head = HEAD.matcher(line);
      if (head.matches()) {
        records.add(
            new Printed(
                Lsn.parse(head.group(1) + "/" + head.group(2)),
                Integer.parseInt(head.group(4)),
                Long.parseLong(head.group(5), 16),
                new java.util.HashMap<>()));
      } else if (line.startsWith("\t") && line.contains(":") && !records.isEmpty()) {
        String[] field = line.strip().split(": ?", 2);
        records
            .get(records.size() - 1)
            .fields()
            .putIfAbsent(field[0], field.length > 1 ? field[1] : "");
      }
    }
    return records;
  }

  private static List<LogRecord> scan(Path home, Lsn from, Lsn to, Set<LogRecordType> types) {
    List<LogRecord> records = new ArrayList<>();
    try (DbEnvironment env = DbEnvironment.openPrivate(home, LOG, EnvironmentOptions.defaults())) {
      env.scanLog(from, to, types, records::add);
    }
    return records;
  }

  private Path churned() throws IOException {
    Path home =
        Tools.init(
            temp.resolve("home"), "--types", "btree,hash,recno,queue,heap", "--subdir", "sub");
    Tools.commits(home, 4000, "--churn");
    Tools.writer("create", home, "--db", "späße.db");
    Tools.writer("rename", home, "--db", "späße.db", "--to", "größe.db");
    Tools.writer("remove", home, "--db", "größe.db");
    return Tools.copyHome(home, temp.resolve("copy"));
  }

  private static String unquote(String printed) {
    // db_printlog shows a size, and the NUL at the end.
    return printed.replaceFirst("^len: +[0-9]+ data: ", "").replace("\\0", "").strip();
  }

  @Test
  void equalsPrintlog() throws IOException {
    Path home = churned();
    List<Printed> expected =
        printed(home).stream()
            .filter(p -> ALL.stream().anyMatch(type -> type.number() == p.type()))
            .toList();
    List<LogRecord> actual = scan(home, Lsn.ZERO, Lsn.ZERO, ALL);
    assertThat(actual).hasSameSizeAs(expected).hasSizeGreaterThan(1000);
    Map<LogRecordType, Integer> seen = new EnumMap<>(LogRecordType.class);
    for (int i = 0; i < actual.size(); i++) {
      LogRecord record = actual.get(i);
      Printed p = expected.get(i);
      assertThat(record.lsn()).isEqualTo(p.lsn());
      LogRecordType type = LogRecordType.of(p.type());
      seen.merge(type, 1, Integer::sum);
      if (type != LogRecordType.TXN_CHECKPOINT) {
        assertThat(record.transactionId()).isEqualTo(p.transaction());
      }
      assertSameFields(record, p);
    }
    assertThat(seen)
        .containsKeys(
            LogRecordType.DBREG_REGISTER,
            LogRecordType.FOP_CREATE,
            LogRecordType.FOP_REMOVE,
            LogRecordType.FOP_RENAME,
            LogRecordType.TXN_CHECKPOINT,
            LogRecordType.TXN_COMMIT,
            LogRecordType.PG_ALLOC);
    assertThat(actual)
        .filteredOn(FileRenamed.class::isInstance)
        .extracting(r -> ((FileRenamed) r).newName())
        .anySatisfy(name -> assertThat(name).isEqualTo("sub/größe.db"));
    assertThat(actual)
        .filteredOn(FileRegistration.class::isInstance)
        .extracting(r -> ((FileRegistration) r).name())
        .contains("sub/accounts-btree-0.db", "sub/späße.db");
  }

  private static void assertSameFields(LogRecord record, Printed p) {
    Map<String, String> fields = p.fields();
    if (record instanceof FileRegistration r) {
      assertName(r.name(), fields.get("name"));
      assertThat(r.metaPage()).isEqualTo(Long.parseLong(fields.get("meta_pgno")));
      assertThat(r.databaseType())
          .isEqualTo(Long.parseLong(fields.get("ftype").replace("0x", ""), 16));
      assertThat(r.logFileId()).isEqualTo(Integer.parseInt(fields.get("fileid")));
      assertThat(r.opcode()).isBetween(1, 9);
    } else if (record instanceof FileCreated r) {
      assertName(r.name(), fields.get("name"));
      assertThat(r.appname()).isEqualTo(Integer.parseInt(fields.get("appname")));
    } else if (record instanceof FileRemoved r) {
      assertName(r.name(), fields.get("name"));
      assertThat(r.appname()).isEqualTo(Integer.parseInt(fields.get("appname")));
    } else if (record instanceof FileRenamed r) {
      assertName(r.oldName(), fields.get("oldname"));
      assertName(r.newName(), fields.get("newname"));
      assertThat(r.undoable()).isEqualTo(p.type() == LogRecordType.FOP_RENAME.number());
    } else if (record instanceof CheckpointRecord r) {
      assertThat("[" + r.checkpointLsn().file() + "][" + r.checkpointLsn().offset() + "]")
          .isEqualTo(fields.get("ckp_lsn"));
      assertThat("[" + r.previous().file() + "][" + r.previous().offset() + "]")
          .isEqualTo(fields.get("last_ckp"));
      assertThat(r.time().getEpochSecond())
          .isEqualTo(Long.parseLong(fields.get("timestamp").split(" ", 2)[0]));
      assertThat(r.environmentId()).isEqualTo(Long.parseLong(fields.get("envid")));
    } else if (record instanceof PageAllocated r) {
      assertThat(r.page()).isEqualTo(Long.parseLong(fields.get("pgno")));
      assertThat(r.previousLastPage()).isEqualTo(Long.parseLong(fields.get("last_pgno")));
      assertThat(r.logFileId()).isEqualTo(Integer.parseInt(fields.get("fileid")));
    } else {
      assertThat(p.type())
          .as("has no class")
          .isIn(
              LogRecordType.TXN_COMMIT.number(),
              LogRecordType.TXN_CHILD.number(),
              LogRecordType.TXN_RECYCLE.number(),
              LogRecordType.FOP_WRITE.number());
    }
  }

  private static void assertName(String name, String printed) {
    if (name.chars().allMatch(c -> c < 128)) {
      assertThat(unquote(printed)).isEqualTo(name);
    } else {
      assertThat(name.getBytes(StandardCharsets.UTF_8)).isNotEmpty();
    }
  }

  @Test
  void rangesAndFilters() throws IOException {
    Path home = churned();
    List<LogRecord> all = scan(home, Lsn.ZERO, Lsn.ZERO, ALL);
    LogRecord from = all.get(all.size() / 3);
    LogRecord to = all.get(all.size() / 2);
    assertThat(scan(home, from.lsn(), to.lsn(), ALL))
        .extracting(LogRecord::lsn)
        .isEqualTo(
            all.subList(all.size() / 3, all.size() / 2).stream().map(LogRecord::lsn).toList());
    assertThat(scan(home, from.lsn(), Lsn.ZERO, Set.of(LogRecordType.TXN_CHECKPOINT)))
        .isEqualTo(
            all.subList(all.size() / 3, all.size()).stream()
                .filter(CheckpointRecord.class::isInstance)
                .toList());
    assertThat(scan(home, Lsn.ZERO, Lsn.ZERO, Set.of())).isEmpty();
    try (DbEnvironment env = DbEnvironment.openPrivate(home, LOG, EnvironmentOptions.defaults())) {
      assertThat(env.firstLsn()).hasValue(new Lsn(1, 28));
      Lsn end = env.logStatus().end();
      assertThat(env.lastLsn()).hasValueSatisfying(last -> assertThat(last).isLessThan(end));
      // From the end on there is nothing yet.
      env.scanLog(end, Lsn.ZERO, ALL, record -> assertThat(record).isNull());
      env.scanLog(new Lsn(9999, 28), Lsn.ZERO, ALL, record -> assertThat(record).isNull());
    }
  }

  @Test
  void visitorsExceptionAndInterruption() throws IOException {
    Path home = churned();
    try (DbEnvironment env = DbEnvironment.openPrivate(home, LOG, EnvironmentOptions.defaults())) {
      IllegalStateException thrown = new IllegalStateException("visitor");
      assertThatThrownBy(
              () ->
                  env.scanLog(
                      Lsn.ZERO,
                      Lsn.ZERO,
                      ALL,
                      r -> {
                        throw thrown;
                      }))
          .isSameAs(thrown);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> env.scanLog(Lsn.ZERO, Lsn.ZERO, ALL, r -> {}))
          .isInstanceOf(OperationCancelledException.class);
      assertThat(Thread.interrupted()).isTrue();
      env.scanLog(Lsn.ZERO, Lsn.ZERO, ALL, r -> {});
    }
  }

  @Test
  void holeInTheLogIsNoEnd() throws IOException {
    Path home = churned();
    List<LogFile> logs = LogFile.in(home);
    assertThat(logs).hasSizeGreaterThan(5);
    Files.delete(logs.get(3).path());
    try (DbEnvironment env = DbEnvironment.openPrivate(home, LOG, EnvironmentOptions.defaults())) {
      Lsn inTheFirst = new Lsn(1, 28);
      assertThatThrownBy(() -> env.scanLog(inTheFirst, Lsn.ZERO, ALL, r -> {}))
          .isInstanceOf(LogSequenceException.class)
          .hasMessageContaining("hole");
      assertThatThrownBy(() -> env.scanLog(new Lsn(4, 28), Lsn.ZERO, ALL, r -> {}))
          .isInstanceOf(LogSequenceException.class);
      assertThatThrownBy(() -> env.scanLog(new Lsn(5, 29), Lsn.ZERO, ALL, r -> {}))
          .isInstanceOf(DbException.class);
      env.scanLog(inTheFirst, new Lsn(2, 28), ALL, r -> {});
    }
  }

  @Test
  void liveEnvironment() throws IOException {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree");
    try (Tools.Busy busy = Tools.busy(home);
        DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      Lsn[] last = {Lsn.ZERO};
      for (int i = 0; i < 20; i++) {
        env.scanLog(
            last[0],
            Lsn.ZERO,
            Set.of(LogRecordType.TXN_COMMIT, LogRecordType.TXN_CHECKPOINT),
            record -> {
              assertThat(record.lsn()).isGreaterThanOrEqualTo(last[0]);
              last[0] = record.lsn();
            });
      }
      assertThat(last[0].file()).isPositive();
      assertThat(busy.isAlive()).isTrue();
    }
    assertThat(Tools.writer("check", home).out()).contains("\"ok\":true");
  }

  @Test
  void aRecordThatIsDamagedDoesNotPanicTheEnvironment() throws IOException {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree");
    Tools.commits(home, 5000);
    Path second = home.resolve(LogFile.nameOf(2));
    byte[] bytes = Files.readAllBytes(second);
    java.util.Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 64, (byte) 0x5A);
    Files.write(second, bytes);
    try (DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      assertThatThrownBy(() -> env.scanLog(Lsn.ZERO, Lsn.ZERO, ALL, r -> {}))
          .isInstanceOf(DbException.class)
          .hasMessageContaining("LSN 2/");
      env.checkpoint(true);
      assertThat(env.logStatus()).isNotNull();
    }
    assertThat(Tools.writer("checkpoint", home).out()).contains("\"ok\":true");
  }

  @Test
  void encryptedLog() throws IOException {
    Path password = Files.writeString(temp.resolve("password"), "secret\n");
    Path home =
        Tools.init(
            temp.resolve("home"), "--types", "btree", "--password-file", password.toString());
    EnvironmentOptions options =
        EnvironmentOptions.builder().password("secret".getBytes(StandardCharsets.UTF_8)).build();
    List<String> names = new ArrayList<>();
    try (DbEnvironment env = DbEnvironment.join(home, options)) {
      env.scanLog(
          Lsn.ZERO,
          Lsn.ZERO,
          Set.of(LogRecordType.FOP_RENAME, LogRecordType.FOP_RENAME_NOUNDO),
          record -> names.add(((FileRenamed) record).newName()));
    }
    assertThat(names).contains("accounts-btree-0.db");
  }
}
