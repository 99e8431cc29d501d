package io.github.bdbstandby.standby;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.bdbstandby.libdb.RegularFile;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.concurrent.ForkJoinPool;

/**
 * The JSON files among a standby's marks: read strictly, and as they are parsed, so that reading a
 * manifest takes no more memory than writing it did.
 */
final class MarksJson {
  /** That is millions of files. */
  private static final long LARGEST = 1 << 30;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private MarksJson() {}

  /**
   * What a file holds.
   *
   * @throws java.nio.file.NoSuchFileException if it is not there
   * @throws JacksonException if it holds something else
   */
  static <T> T read(Path file, Class<T> type) throws IOException {
    try (FileChannel channel = RegularFile.open(file, LARGEST)) {
      T value = JSON.readValue(Channels.newInputStream(channel), type);
      if (value == null) {
        throw new Nothing();
      }
      return value;
    } catch (JacksonException e) {
      throw e.getCause() instanceof IOException failed ? named(file, failed) : e;
    } catch (IOException e) {
      throw named(file, e);
    }
  }

  /** What failed in the reading does not tell of which file. */
  private static IOException named(Path file, IOException failed) {
    return failed instanceof JacksonException
            || failed instanceof FileSystemException
            || failed instanceof ClosedChannelException
        ? failed
        : new FileSystemException(file.toString(), null, failed.getMessage());
  }

  /**
   * Finds out, beside what else is done, how a type is written: the first time that takes Jackson
   * longer than the writing.
   */
  static void prepare(Class<?> type) {
    ForkJoinPool.commonPool().execute(() -> JSON.writerFor(type));
  }

  static byte[] bytes(Object value) throws IOException {
    return JSON.writeValueAsBytes(value);
  }

  /** The file says null. */
  private static final class Nothing extends com.fasterxml.jackson.core.JsonProcessingException {
    private static final long serialVersionUID = 1;

    Nothing() {
      super("null, and nothing else");
    }
  }
}
