package io.github.bdbstandby.libdb;

/**
 * The versions of libdb that meet here. Major and minor agree, or the shim would not have been
 * loaded.
 *
 * @param full libdb's own sentence ({@code db_full_version})
 * @param library the library loaded, such as {@code 5.3.28}
 * @param headers those of the headers that the shim was built with
 */
public record LibdbVersion(String full, String library, String headers) {
  /** For people: one line. */
  @Override
  public String toString() {
    return "libdb " + library + ", shim built with " + headers + "; " + full;
  }
}
