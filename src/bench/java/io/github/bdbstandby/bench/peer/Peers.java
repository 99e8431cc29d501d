package io.github.bdbstandby.bench.peer;

import java.util.List;

/** Everybody who is measured. */
public final class Peers {
  /** Those that people use today, when a whole snapshot is taken. */
  public static final List<String> OTHERS =
      List.of("hotbackup", "hotbackup-c", "guide-copy", "guide-archive", "java-api");

  /** Ours. */
  public static final List<String> OURS = List.of("ours-cli", "ours");

  private Peers() {}

  /** A whole snapshot. */
  public static List<Peer> snapshots(NeededLog needed) {
    return List.of(
        Hotbackup.whole(),
        Hotbackup.checkpointing(),
        new Guide(true, false),
        new Guide(true, true),
        new JavaApi(false),
        new OurProgram(false),
        new InProcess(false),
        new Limit(needed, true));
  }

  /** What has been committed since. */
  public static List<Peer> updates(NeededLog needed) {
    return List.of(
        Hotbackup.updating(),
        new Guide(false, false),
        new Guide(false, true),
        new JavaApi(true),
        new OurProgram(true),
        new InProcess(true),
        new BareReplay(needed),
        new Limit(needed, false));
  }
}
