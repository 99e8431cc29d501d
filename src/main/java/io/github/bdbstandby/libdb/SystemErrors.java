package io.github.bdbstandby.libdb;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Why a file operation of Java's failed: its exceptions tell no code, only the system's text, in
 * the language of whoever has started us.
 */
public final class SystemErrors {
  private static final List<String> FULL =
      texts(List.of("No space left on device", "Disk quota exceeded"), "ENOSPC", "EDQUOT");
  private static final List<String> NO_DESCRIPTORS =
      texts(List.of("Too many open files"), "EMFILE", "ENFILE");

  private SystemErrors() {}

  /** Learns the texts while there are descriptors left: libdb is loaded for that. */
  public static void prepare() {}

  /** Whether there is no room on the disk, or none for this user. */
  public static boolean isFull(IOException e) {
    return says(e, FULL);
  }

  /** Whether this process, or the machine, can have no more files open. */
  public static boolean isOutOfDescriptors(IOException e) {
    return says(e, NO_DESCRIPTORS);
  }

  private static boolean says(IOException e, List<String> texts) {
    Objects.requireNonNull(e, "e");
    String message = lower(String.valueOf(e.getMessage()));
    return texts.stream().anyMatch(message::contains);
  }

  private static List<String> texts(List<String> english, String... codes) {
    List<String> texts = new ArrayList<>();
    english.forEach(text -> texts.add(lower(text)));
    try {
      // As Java reads what the system says.
      Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
      for (String code : codes) {
        texts.add(lower(new String(Shim.strerror(ErrorCodes.valueOf(code)), charset)));
      }
    } catch (LinkageError e) {
      // no libdb: whoever needs it says so
    }
    return List.copyOf(texts);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
