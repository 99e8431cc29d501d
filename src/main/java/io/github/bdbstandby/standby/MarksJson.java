package io.github.bdbstandby.standby;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.bdbstandby.libdb.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ForkJoinPool;

/** The JSON files among a standby's marks: read whole, in bounded memory, and strictly. */
final class MarksJson {
  private static final long LARGEST = 256 << 20;

  /** What is parsed takes several times the room of its text. */
  private static final int SHARE_OF_MEMORY = 8;

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
    int most = (int) Math.min(LARGEST, Runtime.getRuntime().maxMemory() / SHARE_OF_MEMORY);
    T value = JSON.readValue(RegularFile.read(file, most), type);
    if (value == null) {
      throw new Nothing();
    }
    return value;
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
