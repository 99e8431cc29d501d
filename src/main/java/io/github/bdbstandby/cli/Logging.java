package io.github.bdbstandby.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The program's own log, on standard error: logback, set up in code because reading its XML takes a
 * tenth of a second of each start. Who uses the library has a configuration of their own.
 */
public final class Logging implements SLF4JServiceProvider {
  private static final String PATTERN =
      "%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%replace( %kvp){'^ $', ''}%n";
  private static final String OURS = "io.github.bdbstandby";
  private static final String EVENTS = OURS + ".events";

  private static volatile Level level = Level.WARN;
  private static volatile Level events = Level.WARN;

  private final LoggerContext context = new LoggerContext();
  private final LogbackMDCAdapter mdc = new LogbackMDCAdapter();
  private final IMarkerFactory markers = new BasicMarkerFactory();

  /**
   * To be called before the first logger is made; a {@code logback.configurationFile} given to the
   * JVM wins.
   */
  static void choose(List<String> arguments) {
    if (arguments.contains("-v")) {
      level = Level.DEBUG;
      events = Level.DEBUG;
    } else if (arguments.contains("follow")) {
      events = Level.INFO; // nobody sees the screen of what runs long
    }
    if (System.getProperty("logback.configurationFile") == null) {
      System.setProperty(LoggerFactory.PROVIDER_PROPERTY_KEY, Logging.class.getName());
      System.setProperty(
          "slf4j.internal.verbosity", "WARN"); // it would name its provider each time
    }
  }

  @Override
  public void initialize() {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    context.getLogger(OURS).setLevel(level);
    context.getLogger(EVENTS).setLevel(events);
    context.setMDCAdapter(mdc);
    context.start();
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return context;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return mdc;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }
}
