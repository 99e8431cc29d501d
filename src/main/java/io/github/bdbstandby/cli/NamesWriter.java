package io.github.bdbstandby.cli;

import io.github.bdbstandby.libdb.FileNames;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** UTF-8 in every locale; what of a file's name is not UTF-8 comes as {@code \\xE9}. */
final class NamesWriter extends FilterWriter {
  private NamesWriter(Writer out) {
    super(out);
  }

  static PrintWriter on(OutputStream out) {
    return new PrintWriter(
        new NamesWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)), true);
  }

  @Override
  public void write(String text, int offset, int length) throws IOException {
    out.write(FileNames.readable(text.substring(offset, offset + length)));
  }

  @Override
  public void write(char[] text, int offset, int length) throws IOException {
    write(new String(text, offset, length), 0, length);
  }

  @Override
  public void write(int character) throws IOException {
    write(String.valueOf((char) character), 0, 1);
  }
}
