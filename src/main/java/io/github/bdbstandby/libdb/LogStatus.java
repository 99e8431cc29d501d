package io.github.bdbstandby.libdb;

/**
 * Where the log stands ({@code DB_ENV->log_stat}).
 *
 * @param end where the next record goes ({@code st_cur_file}, {@code st_cur_offset})
 * @param onDisk up to where the log is known to be on disk ({@code st_disk_file}, {@code
 *     st_disk_offset})
 * @param fileSize size of a log file in bytes ({@code st_lg_size})
 * @param logVersion version of the log's format ({@code st_version})
 */
public record LogStatus(Lsn end, Lsn onDisk, long fileSize, int logVersion) {

  /** As {@link Shim#logStat} gives it. */
  static LogStatus of(long[] f) {
    return new LogStatus(new Lsn(f[0], f[1]), new Lsn(f[2], f[3]), f[4], (int) f[5]);
  }
}
