package io.github.bdbstandby.disks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A kind of place for a source and its standby, and what is expected of it.
 *
 * @param name as README has it
 * @param auto the method that is chosen, or {@link #REFUSED}
 * @param reflink whether that method may be asked for
 * @param direct whether that may be
 * @param plain what a plain copy of a file in use does to pages
 * @param measured pages torn of those that a plain copy read, as {@code bin/test-tears} has seen it
 * @param setting makes it
 */
record Disk(
    String name,
    String auto,
    String reflink,
    String direct,
    String plain,
    String measured,
    Setting setting) {
  static final String REFUSED = "refused";
  static final String WORKS = "works";
  static final String TORN = "torn";
  static final String NOT_SEEN = "not seen";

  /** Makes the places. */
  @FunctionalInterface
  interface Setting {
    Places in(Mounts mounts) throws IOException;
  }

  @Override
  public String toString() {
    return name;
  }

  boolean isRefused() {
    return auto.equals(REFUSED);
  }

  /** The methods that may be asked for and work, or those that are refused. */
  List<String> methods(String outcome) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("coordinated", REFUSED); // the process of a command is not the application's
    all.put("direct", direct);
    all.put("reflink", reflink);
    all.put("auto", isRefused() ? REFUSED : WORKS);
    return all.keySet().stream().filter(method -> all.get(method).equals(outcome)).toList();
  }

  private static Disk reflinked(String name, String direct, String plain, String n, Setting s) {
    return new Disk(name, "reflink", WORKS, direct, plain, n, s);
  }

  private static Disk direct(String name, String plain, String measured, Setting setting) {
    return new Disk(name, "direct", REFUSED, WORKS, plain, measured, setting);
  }

  private static Disk refused(String name, String measured, Setting setting) {
    return new Disk(name, REFUSED, REFUSED, REFUSED, TORN, measured, setting);
  }

  private static Places same(Path path) throws IOException {
    return Places.of(path, path);
  }

  /** A home whose data directory is another file system's. */
  private static Places dataFrom(Path other, Mounts mounts) throws IOException {
    Path ext4 = mounts.image("ext4");
    Path home = Files.createDirectory(ext4.resolve("home"));
    Path original = Files.createDirectory(other.resolve("data"));
    return new Places(home, mounts.bind(original, home.resolve("data1")), ext4, original);
  }

  /** A home by one path for the application, by another for us. */
  private static Places twoPaths(Path path, Mounts mounts) throws IOException {
    Path original = Files.createDirectory(path.resolve("home"));
    Path home = mounts.bind(original, mounts.plain());
    Path standbys = Files.createDirectory(path.resolve("standbys"));
    return new Places(home, home, mounts.bind(standbys, mounts.plain()), original);
  }

  static List<Disk> all() {
    return List.of(
        direct("ext4", TORN, "50 of 11,853", m -> same(m.image("ext4"))),
        refused(
            "ext4 with data=journal", "227 of 21,616", m -> same(m.image("ext4", "data=journal"))),
        refused(
            "ext4, files with journalled data (`chattr +j`)",
            "219 of 34,526",
            m -> same(m.journalling())),
        refused("ext4, encrypted files (fscrypt)", "4,503 of 694,341", m -> same(m.encrypting())),
        direct(
            "ext4, standby on tmpfs",
            TORN,
            "160 of 23,929",
            m -> Places.of(m.image("ext4"), m.tmpfs())),
        direct(
            "ext4, standby on XFS",
            TORN,
            "247 of 28,589",
            m -> Places.of(m.image("ext4"), m.image("xfs"))),
        direct(
            "ext4, reached by a bind mount",
            TORN,
            "437 of 43,974",
            m -> twoPaths(m.image("ext4"), m)),
        reflinked("XFS", WORKS, NOT_SEEN, "0 of 36,659", m -> same(m.image("xfs"))),
        reflinked(
            "XFS, both reached by bind mounts",
            WORKS,
            NOT_SEEN,
            "0 of 33,995",
            m -> twoPaths(m.image("xfs"), m)),
        direct(
            "XFS made without reflinks (`reflink=0`)",
            NOT_SEEN,
            "0 of 65,980",
            m -> same(m.image("xfs", List.of("-m", "reflink=0")))),
        direct(
            "XFS, standby on ext4",
            NOT_SEEN,
            "0 of 77,610",
            m -> Places.of(m.image("xfs"), m.image("ext4"))),
        direct(
            "ext4, a data directory mounted from XFS",
            NOT_SEEN,
            "0 of 72,997",
            m -> dataFrom(m.image("xfs"), m)),
        reflinked("btrfs", REFUSED, TORN, "620 of 83,129", m -> same(m.image("btrfs"))),
        reflinked(
            "btrfs, files written in place (`chattr +C`)",
            REFUSED,
            TORN,
            "469 of 43,931",
            m -> same(m.image("btrfs")).inPlace()),
        refused(
            "btrfs, standby on ext4",
            "455 of 52,559",
            m -> Places.of(m.image("btrfs"), m.image("ext4"))),
        refused("tmpfs", "491 of 53,698", m -> same(m.tmpfs())),
        refused(
            "ext4, a data directory mounted from tmpfs",
            "307 of 47,754",
            m -> dataFrom(m.tmpfs(), m)),
        refused(
            "overlay, its upper layer on ext4",
            "267 of 60,331",
            m -> same(m.overlay(m.image("ext4")))),
        refused(
            "overlay, its upper layer on tmpfs", "631 of 68,347", m -> same(m.overlay(m.tmpfs()))));
  }
}
