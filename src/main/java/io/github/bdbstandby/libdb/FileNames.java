package io.github.bdbstandby.libdb;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * File names between libdb's bytes and Java, whatever the locale. A name is a {@code String} of its
 * UTF-8; each byte that is not UTF-8 becomes a lone surrogate, U+DC80 to U+DCFF (as in Python's PEP
 * 383), so that {@link #encode} gives the same bytes back.
 */
public final class FileNames {

  private static final char ESCAPE = 0xDC00;
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

  private static final Pattern NO_TEXT = Pattern.compile("[\\x{DC80}-\\x{DCFF}]");

  private FileNames() {}

  /** The name that these bytes are. */
  public static String decode(byte[] bytes) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (!result.isError()) {
        return out.flip().toString();
      }
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (ESCAPE + (in.get() & 0xFF)));
      }
    }
  }

  /** The bytes of a name; NUL is refused, for it would end the name in C. */
  public static byte[] encode(String name) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(name.length() + 8);
    for (int i = 0; i < name.length(); ) {
      int point = name.codePointAt(i);
      i += Character.charCount(point);
      if (point == 0) {
        throw new IllegalArgumentException("a name with a NUL: " + escaped(name));
      } else if (isNoByte(point)) {
        throw new IllegalArgumentException("a name that no bytes spell: " + escaped(name));
      } else if (point >= ESCAPE + 0x80 && point <= ESCAPE + 0xFF) {
        bytes.write(point - ESCAPE);
      } else {
        bytes.writeBytes(new String(Character.toChars(point)).getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  /**
   * The bytes of a path of the default file system, made absolute. They are the file's own even
   * where the locale cannot spell them, for {@code Path.toUri} keeps them.
   */
  public static byte[] encode(Path path) {
    if (path.getFileSystem() != FileSystems.getDefault()) {
      throw new IllegalArgumentException(
          "not a path of the default file system: " + FileNames.shown(path));
    }
    String raw = path.toUri().getRawPath();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes.write(Integer.parseInt(raw, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    byte[] all = bytes.toByteArray();
    // A directory that exists gets a slash at its end.
    boolean slash = all.length > 1 && all[all.length - 1] == '/';
    return slash ? Arrays.copyOf(all, all.length - 1) : all;
  }

  /** A half of a character that stands for no byte: its UTF-8 would be a question mark. */
  private static boolean isNoByte(int point) {
    return point >= Character.MIN_SURROGATE
        && point <= Character.MAX_SURROGATE
        && (point < ESCAPE + 0x80 || point > ESCAPE + 0xFF);
  }

  /** The same of a path, whatever the locale. */
  public static String shown(Path path) {
    boolean ours = path.getFileSystem() == FileSystems.getDefault();
    return escaped(ours ? toName(path) : path.toString());
  }

  /**
   * The name as it is put out, from which its bytes can be told: those that are not UTF-8 as {@code
   * \\xE9}, control characters' too, and a backslash as two.
   */
  public static String escaped(String name) {
    StringBuilder text = new StringBuilder(name.length());
    name.codePoints()
        .forEach(
            point -> {
              if (point >= ESCAPE + 0x80 && point <= ESCAPE + 0xFF) {
                text.append(String.format("\\x%02X", point - ESCAPE));
              } else if (isNoByte(point)) {
                text.append(String.format("\\u%04X", point));
              } else if (Character.isISOControl(point)) {
                for (byte each : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
                  text.append(String.format("\\x%02X", each & 0xFF));
                }
              } else if (point == '\\') {
                text.append("\\\\");
              } else {
                text.appendCodePoint(point);
              }
            });
    return text.toString();
  }

  /** A text in which names may stand as {@link #decode} spells them; they can be read then. */
  public static String readable(String text) {
    return readable(text, "\\x");
  }

  /** The same, with another beginning of what stands for a byte. */
  public static String readable(String text, String beginning) {
    Matcher matcher = NO_TEXT.matcher(text);
    return matcher.replaceAll(
        found ->
            Matcher.quoteReplacement(
                beginning + String.format("%02X", found.group().charAt(0) - ESCAPE)));
  }

  /** The name of a path as {@link #decode} spells it; that of a relative path is relative. */
  public static String toName(Path path) {
    String text = path.toString();
    if (isAscii(text)) {
      return text; // else the locale may have spelled it
    }
    return path.isAbsolute()
        ? decode(encode(path))
        : decode(encode(Path.of("/").resolve(path))).substring(1);
  }

  /**
   * The path of a name, whatever the locale; that of a relative name is relative.
   *
   * @throws IllegalArgumentException if no file can have that name: it has a NUL, or a lone
   *     surrogate that stands for no byte
   */
  public static Path toPath(String name) {
    if (isAscii(name) && name.indexOf('\0') < 0) {
      return Path.of(name);
    }
    if (name.startsWith("/")) {
      return absolute(name);
    }
    Path path = absolute("/" + name);
    return path.subpath(0, path.getNameCount());
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  /** By a URI, which Java takes for bytes; one slash between names, as everywhere else. */
  private static Path absolute(String name) {
    StringBuilder uri = new StringBuilder("file://");
    for (byte b : encode(name.replaceAll("/{2,}", "/"))) {
      if (UNRESERVED.indexOf(b) >= 0) {
        uri.append((char) b);
      } else {
        uri.append(String.format("%%%02X", b & 0xFF));
      }
    }
    return Path.of(URI.create(uri.toString()));
  }

  static List<String> decodeAll(byte[][] names) {
    List<String> decoded = new ArrayList<>(names.length);
    for (byte[] name : names) {
      decoded.add(decode(name));
    }
    return List.copyOf(decoded);
  }
}
