package io.github.bdbstandby.bench.peer;

import java.util.List;

/** Everybody who is measured. */
public final class Peers {
  /** Those that people use today, when a whole snapshot is taken. */
  public static final List<String> OTHERS =
      List.of("hotbackup", "hotbackup-c", "guide-copy", "guide-archive", "java-api");

  /** And when what has been committed since is brought over, beside {@code hotbackup-u}. */
  public static final List<String> UPDATES =
      List.of(
          "hotbackup-u-again",
          "guide-copy",
          "guide-archive",
          "guide-archive-again",
          "java-api-update");

  /** Ours. */
  public static final List<String> OURS = List.of("ours-cli", "ours");

  private Peers() {}

  /** A whole snapshot. */
  public static List<Peer> snapshots(NeededLog needed, Access access) {
    return List.of(
        Hotbackup.whole(access),
        Hotbackup.checkpointing(access),
        new Guide(true, false, access),
        new Guide(true, true, access),
        new JavaApi(false, access),
        new OurProgram(false, access),
        new InProcess(false, access),
        new Limit(needed, true));
  }

  /** What has been committed since. */
  public static List<Peer> updates(NeededLog needed) {
    return List.of(
        Hotbackup.updating(Access.OPEN),
        new Guide(false, false, Access.OPEN),
        new Guide(false, true, Access.OPEN),
        new JavaApi(true, Access.OPEN),
        new Again(Hotbackup.updating(Access.OPEN), needed),
        new Again(new Guide(false, true, Access.OPEN), needed),
        new OurProgram(true, Access.OPEN),
        new InProcess(true, Access.OPEN),
        new BareReplay(needed),
        new Limit(needed, false));
  }

  /** Ours in process, for scenarios of our own. */
  public static Peer ours(boolean update) {
    return new InProcess(update, Access.OPEN);
  }

  /** The guide's short procedure, which costs as much as log is kept. */
  public static Peer guide(boolean whole) {
    return new Guide(whole, false, Access.OPEN);
  }
}
