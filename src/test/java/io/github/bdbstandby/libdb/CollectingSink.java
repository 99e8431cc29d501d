package io.github.bdbstandby.libdb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Keeps what it gets, and the order of the calls. */
class CollectingSink implements BackupSink {

  final List<String> calls = new ArrayList<>();
  final Map<String, ByteArrayOutputStream> files = new TreeMap<>();

  @Override
  public void open(String name) throws IOException {
    calls.add("open " + name);
    files.put(name, new ByteArrayOutputStream());
  }

  @Override
  public void write(String name, long offset, ByteBuffer bytes) throws IOException {
    calls.add("write " + name);
    if (offset != files.get(name).size() || !bytes.isDirect() || !bytes.isReadOnly()) {
      throw new AssertionError(name + " at " + offset);
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    files.get(name).writeBytes(copy);
  }

  @Override
  public void close(String name) throws IOException {
    calls.add("close " + name);
  }

  void writeTo(Path directory) throws IOException {
    for (Map.Entry<String, ByteArrayOutputStream> file : files.entrySet()) {
      Path target = directory.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      try (FileChannel out =
          FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        out.write(ByteBuffer.wrap(file.getValue().toByteArray()));
      }
    }
  }
}
