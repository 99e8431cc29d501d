package io.github.bdbstandby.libdb;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How to open an environment: what its application says in code, not in {@code DB_CONFIG}. {@code
 * DB_CONFIG} in the home is read by libdb in any case, and wins where both set the same. Immutable;
 * its text does not show the password.
 */
public final class EnvironmentOptions {

  private static final EnvironmentOptions DEFAULTS = builder().build();

  private final List<String> dataDirectories;
  private final Optional<String> logDirectory;
  private final Optional<byte[]> password;
  private final long cacheBytes;

  private EnvironmentOptions(Builder builder) {
    dataDirectories = List.copyOf(builder.dataDirectories);
    logDirectory = Optional.ofNullable(builder.logDirectory);
    password = Optional.ofNullable(builder.password);
    cacheBytes = builder.cacheBytes;
  }

  /** Nothing set. */
  public static EnvironmentOptions defaults() {
    return DEFAULTS;
  }

  /** A builder with nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * A password and nothing else: for a home whose directories are all in its DB_CONFIG.
   *
   * @param password empty for an environment that is not encrypted
   * @throws IllegalArgumentException if it can't be one; see {@link Builder#password}
   */
  public static EnvironmentOptions ofPassword(Optional<byte[]> password) {
    Objects.requireNonNull(password, "password");
    return builder().password(password.orElse(null)).build();
  }

  /** The same password and nothing else: for another home of the same log, such as a copy. */
  public EnvironmentOptions passwordOnly() {
    return ofPassword(password);
  }

  /** A builder that starts from these options. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.dataDirectories.addAll(dataDirectories);
    builder.logDirectory = logDirectory.orElse(null);
    builder.password = password.orElse(null);
    builder.cacheBytes = cacheBytes;
    return builder;
  }

  /**
   * As the application passes them to {@code DB_ENV->add_data_dir}: relative to the home, or
   * absolute.
   */
  public List<String> dataDirectories() {
    return dataDirectories;
  }

  /** As the application passes it to {@code DB_ENV->set_lg_dir}. */
  public Optional<String> logDirectory() {
    return logDirectory;
  }

  /**
   * A copy of the password for {@code DB_ENV->set_encrypt} (AES); empty for an environment that is
   * not encrypted.
   */
  public Optional<byte[]> password() {
    return password.map(byte[]::clone);
  }

  /**
   * Size of a private environment's cache in bytes ({@code DB_ENV->set_cachesize}); 0 for libdb's
   * default.
   */
  public long cacheBytes() {
    return cacheBytes;
  }

  @Override
  public String toString() {
    return "EnvironmentOptions[dataDirectories="
        + dataDirectories
        + ", logDirectory="
        + logDirectory.orElse("")
        + ", password="
        + (password.isPresent() ? "set" : "none")
        + ", cacheBytes="
        + cacheBytes
        + "]";
  }

  /** Collects options. For one thread. */
  public static final class Builder {

    private final List<String> dataDirectories = new ArrayList<>();
    private String logDirectory;
    private byte[] password;
    private long cacheBytes;

    private Builder() {}

    /** Adds a data directory, as the application passes it to {@code DB_ENV->add_data_dir}. */
    public Builder addDataDirectory(String directory) {
      Objects.requireNonNull(directory, "directory");
      dataDirectories.add(directory);
      return this;
    }

    /** Sets all data directories. */
    public Builder dataDirectories(List<String> directories) {
      Objects.requireNonNull(directories, "directories");
      List<String> copy = List.copyOf(directories);
      dataDirectories.clear();
      dataDirectories.addAll(copy);
      return this;
    }

    /** Sets the log directory; null for none. */
    public Builder logDirectory(String directory) {
      logDirectory = directory;
      return this;
    }

    /**
     * Sets the password, which is copied; null for none.
     *
     * @throws IllegalArgumentException if it is empty or has a zero byte, which would end it in C
     */
    public Builder password(byte[] bytes) {
      if (bytes != null) {
        boolean usable = bytes.length > 0;
        for (byte b : bytes) {
          usable &= b != 0;
        }
        if (!usable) {
          throw new IllegalArgumentException("a password that is empty or has a zero byte");
        }
      }
      password = bytes == null ? null : bytes.clone();
      return this;
    }

    /** Sets the size of the cache in bytes; 0 for libdb's default. */
    public Builder cacheBytes(long bytes) {
      if (bytes < 0) {
        throw new IllegalArgumentException("a negative cache size: " + bytes);
      }
      cacheBytes = bytes;
      return this;
    }

    /** The options. */
    public EnvironmentOptions build() {
      return new EnvironmentOptions(this);
    }
  }
}
