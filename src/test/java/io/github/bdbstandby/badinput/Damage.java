package io.github.bdbstandby.badinput;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.apache.commons.io.file.PathUtils;

/** What can have happened to a file. */
final class Damage {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long HUGE = 1L << 30;

  private Damage() {}

  static void truncate(Path file, long length) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.setLength(length);
    }
  }

  static void makeHuge(Path file) throws IOException {
    truncate(file, HUGE);
  }

  static void flip(Path file, long bit) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(bit / 8);
      int old = bytes.read();
      bytes.seek(bit / 8);
      bytes.write(old ^ 1 << bit % 8);
    }
  }

  static void overwrite(Path file, long at, byte[] with) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      bytes.write(with);
    }
  }

  static void remove(Path file) throws IOException {
    if (Files.isDirectory(file) && !Files.isSymbolicLink(file)) {
      PathUtils.deleteDirectory(file);
    } else {
      Files.deleteIfExists(file);
    }
  }

  static void directory(Path file) throws IOException {
    remove(file);
    Files.createDirectory(file);
    Files.writeString(file.resolve("file"), "in it");
  }

  static void fifo(Path file) throws IOException, InterruptedException {
    remove(file);
    if (new ProcessBuilder("mkfifo", file.toString()).start().waitFor() != 0) {
      throw new IOException("mkfifo " + file);
    }
  }

  static void socket(Path file) throws IOException {
    remove(file);
    Path near = Files.createTempDirectory(Path.of("/tmp"), "s").resolve("s"); // names are short
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(near));
      if (new ProcessBuilder("mv", near.toString(), file.toString()).start().waitFor() != 0) {
        throw new IOException("mv " + near);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    } finally {
      PathUtils.deleteDirectory(near.getParent());
    }
  }

  static void link(Path file, Path to) throws IOException {
    remove(file);
    Files.createSymbolicLink(file, to);
  }

  /** One value, or one name, becomes another; or the text itself is wrong. */
  static String json(Path file, Random random, Path outside) throws IOException {
    switch (random.nextInt(6)) {
      case 0 -> {
        Files.writeString(file, "[".repeat(100_000));
        return "deep";
      }
      case 1 -> {
        Files.writeString(file, Files.readString(file).replaceFirst("\\{", "{\"format\": 1, "));
        return "a key twice, or one more";
      }
      default -> {
        JsonNode root = JSON.readTree(file.toFile());
        List<ObjectNode> objects = new ArrayList<>();
        gather(root, objects);
        ObjectNode object = objects.get(random.nextInt(objects.size()));
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        if (names.isEmpty()) {
          return "nothing";
        }
        String name = names.get(random.nextInt(names.size()));
        if (random.nextInt(4) == 0) {
          JsonNode value = object.remove(name);
          String other = text(random, outside);
          object.set(other, value);
          JSON.writeValue(file.toFile(), root);
          return name + " is " + other;
        }
        JsonNode value = value(random, outside);
        object.set(name, value);
        JSON.writeValue(file.toFile(), root);
        return name + ": " + value;
      }
    }
  }

  private static void gather(JsonNode node, List<ObjectNode> into) {
    if (node instanceof ObjectNode object) {
      into.add(object);
    }
    for (Iterator<JsonNode> each = node.elements(); each.hasNext(); ) {
      gather(each.next(), into);
    }
  }

  private static JsonNode value(Random random, Path outside) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    return switch (random.nextInt(9)) {
      case 0 -> make.nullNode();
      case 1 -> make.numberNode(-1);
      case 2 -> make.numberNode(Long.MAX_VALUE);
      case 3 -> make.numberNode(new java.math.BigInteger("9".repeat(400)));
      case 4 -> new ArrayNode(make).add(1);
      case 5 -> make.objectNode();
      default -> make.textNode(text(random, outside));
    };
  }

  private static String text(Random random, Path outside) {
    return switch (random.nextInt(5)) {
      case 0 -> "";
      case 1 -> "../outside/victim";
      case 2 -> outside.resolve("victim").toString();
      case 3 -> "a\0b";
      default -> "\uD800";
    };
  }
}
