/**
 * Hot failover for Berkeley DB 5.3. {@link io.github.bdbstandby.standby.Standby} is the way in; the
 * floors below it are exported for what its calls take and tell.
 *
 * <p>The official Java API of Berkeley DB is not required: an environment of it is looked into by
 * reflection, on the class path or in the automatic module of its jar.
 */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // they have no others
module io.github.bdbstandby {
  requires com.fasterxml.jackson.databind;
  requires com.sun.jna;
  requires java.logging; // of JNA, whose automatic module does not say so
  requires jdk.unsupported; // its ExtendedOpenOption.DIRECT
  requires org.apache.commons.io;
  requires org.slf4j;
  requires transitive java.management;
  requires transitive micrometer.core;

  // Of the program alone.
  requires static ch.qos.logback.classic;
  requires static ch.qos.logback.core;
  requires static info.picocli;
  requires static jdk.httpserver;
  requires static me.tongfei.progressbar;
  requires static micrometer.registry.prometheus;

  exports io.github.bdbstandby.copy;
  exports io.github.bdbstandby.libdb;
  exports io.github.bdbstandby.procedure;
  exports io.github.bdbstandby.standby;

  opens io.github.bdbstandby.cli to
      info.picocli,
      org.slf4j;
  opens io.github.bdbstandby.standby to
      com.fasterxml.jackson.databind;
}
