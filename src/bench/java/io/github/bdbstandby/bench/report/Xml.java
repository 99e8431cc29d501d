package io.github.bdbstandby.bench.report;

import java.io.StringWriter;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Markup that is well-formed and escaped whatever the names in it are. */
final class Xml {
  private static final Pattern NOT_IN_XML =
      Pattern.compile("[^\\t\\n\\r\\x{20}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]");

  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter writer;

  Xml() {
    try {
      writer = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A start tag; attributes are names and values in turn. */
  Xml open(String element, String... attributes) {
    return write(() -> writer.writeStartElement(element)).attributes(attributes);
  }

  /** An element that can't hold anything. */
  Xml empty(String element, String... attributes) {
    return write(() -> writer.writeEmptyElement(element)).attributes(attributes);
  }

  /** A whole element with text in it. */
  Xml leaf(String element, String content, String... attributes) {
    return open(element, attributes).text(content).close();
  }

  Xml text(String content) {
    return write(() -> writer.writeCharacters(inXml(content)));
  }

  /** Ends the innermost open element. */
  Xml close() {
    return write(writer::writeEndElement);
  }

  /** A length or a place in a picture. */
  static String length(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private Xml attributes(String... attributes) {
    for (int i = 0; i < attributes.length; i += 2) {
      String name = attributes[i];
      String value = inXml(attributes[i + 1]);
      write(() -> writer.writeAttribute(name, value));
    }
    return this;
  }

  private static String inXml(String text) {
    return NOT_IN_XML.matcher(text).replaceAll("\uFFFD");
  }

  /** One call of the writer. */
  private interface Call {
    void run() throws XMLStreamException;
  }

  private Xml write(Call call) {
    try {
      call.run();
      return this;
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    write(writer::flush);
    return text.toString();
  }
}
