package io.github.bdbstandby.libdb;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The subsystems of an environment: the {@code DB_INIT_} flags of {@code DB_ENV->open}. */
public enum Subsystem {
  /** {@code DB_INIT_LOCK}. */
  LOCK("DB_INIT_LOCK"),
  /** {@code DB_INIT_LOG}. */
  LOG("DB_INIT_LOG"),
  /** {@code DB_INIT_MPOOL}. */
  MPOOL("DB_INIT_MPOOL"),
  /** {@code DB_INIT_TXN}. */
  TXN("DB_INIT_TXN"),
  /** {@code DB_INIT_CDB}. */
  CDB("DB_INIT_CDB"),
  /** {@code DB_INIT_REP}. */
  REP("DB_INIT_REP");

  private final String constant;

  Subsystem(String constant) {
    this.constant = constant;
  }

  private int flag() {
    return Shim.constant(constant);
  }

  static int toFlags(Set<Subsystem> subsystems) {
    return subsystems.stream().mapToInt(Subsystem::flag).reduce(0, (a, b) -> a | b);
  }

  static Set<Subsystem> ofFlags(int flags) {
    EnumSet<Subsystem> set = EnumSet.noneOf(Subsystem.class);
    for (Subsystem subsystem : values()) {
      if ((flags & subsystem.flag()) != 0) {
        set.add(subsystem);
      }
    }
    return Collections.unmodifiableSet(set);
  }
}
