package io.github.bdbstandby.libdb;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes handles: creates a {@code DB_ENV}, sets what the options say and opens it. */
final class Opening {

  private Opening() {}

  /** A handle on what its owner has open. */
  static Handle attached(HandleOwner owner) {
    return new Handle(owner, owner.lend(Attachment::home));
  }

  /** See {@link DbEnvironment#join}. */
  static Handle joined(Path home, EnvironmentOptions options) {
    Handle handle = open(home, Shim.constant("DB_THREAD"), options, Optional.empty(), null);
    // set_open_flags in DB_CONFIG adds flags to ours: a private environment is not the one that was
    // to be joined.
    if (handle.call(env -> (Shim.getOpenFlags(env) & Shim.constant("DB_PRIVATE")) != 0)) {
      handle.close();
      throw Failures.of(
          ErrorCodes.valueOf("ENOENT"),
          "DB_ENV->open " + FileNames.shown(home),
          List.of(
              "DB_CONFIG makes the environment private (DB_PRIVATE): no other process can join it"));
    }
    return handle;
  }

  /** See {@link DbEnvironment#openPrivate}. */
  static Handle ofOurOwn(Path home, Set<Subsystem> subsystems, EnvironmentOptions options) {
    int flags = privateFlags(subsystems) | Shim.constant("DB_THREAD");
    return open(home, flags, options, Optional.empty(), null);
  }

  /** A private handle whose open recovers; see {@link Recovery}. */
  static Handle recovering(Path home, RecoveryOptions options, RecoveryListener listener) {
    boolean fatal = options.kind() == RecoveryOptions.Kind.CATASTROPHIC;
    // As db_recover does: neither locks nor mutexes, nobody else is there.
    int flags =
        privateFlags(Set.of(Subsystem.LOG, Subsystem.MPOOL, Subsystem.TXN))
            | Shim.constant(fatal ? "DB_RECOVER_FATAL" : "DB_RECOVER");
    return open(home, flags, options.environment(), options.until(), listener);
  }

  private static int privateFlags(Set<Subsystem> subsystems) {
    return Shim.constant("DB_CREATE") | Shim.constant("DB_PRIVATE") | Subsystem.toFlags(subsystems);
  }

  private static Handle open(
      Path home,
      int flags,
      EnvironmentOptions options,
      Optional<Instant> until,
      RecoveryListener listener) {
    Path absolute = home.toAbsolutePath();
    ConfigLines.refuseNameless(absolute);
    long env = Shim.create();
    try {
      for (String directory : options.dataDirectories()) {
        Shim.addDataDir(env, FileNames.encode(directory));
      }
      if (options.logDirectory().isPresent()) {
        Shim.setLgDir(env, FileNames.encode(options.logDirectory().get()));
      }
      if (options.password().isPresent()) {
        byte[] password = options.password().get();
        Shim.setEncrypt(env, password);
        Arrays.fill(password, (byte) 0);
      }
      if (options.cacheBytes() > 0) {
        Shim.setCacheSize(env, options.cacheBytes());
      }
      if (until.isPresent()) {
        Shim.setTxTimestamp(env, until.get().getEpochSecond());
      }
      Shim.open(env, FileNames.encode(absolute), flags, listener);
      return new Handle(new HandleOwner.Own(env), absolute);
    } catch (Throwable failed) {
      // DB_ENV->close frees the handle of a failed open too.
      try {
        Shim.close(env);
      } catch (RuntimeException e) {
        failed.addSuppressed(e);
      }
      throw failed;
    }
  }
}
