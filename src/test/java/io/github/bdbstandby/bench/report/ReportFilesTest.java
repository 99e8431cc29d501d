package io.github.bdbstandby.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What is written of a report says what was measured. */
final class ReportFilesTest {
  private final BenchReport report = Reports.report();

  @TempDir Path directory;

  @BeforeEach
  void write() throws Exception {
    ReportFiles.write(report, directory);
  }

  @Test
  void jsonReadsBackEqual() throws Exception {
    BenchReport read = ReportJson.read(directory.resolve("report.json"));
    assertThat(read).isEqualTo(report);
    assertThat(List.copyOf(read.machine().keySet())).containsExactly("processor", "cores");
  }

  @Test
  void textHasEachFigureAndWhetherPromisesAreKept() throws Exception {
    List<String> lines = Files.readAllLines(directory.resolve("report.txt"));
    assertThat(lines)
        .anyMatch(
            line -> line.matches("snapshot-quiet +wall +s +lower +ours-cli +1.21 +1.19 +1.25 +5"))
        .anyMatch(line -> line.matches("snapshot-busy +commits.* 1,250 +1,100 +1,300 +5"))
        .anyMatch(line -> line.matches(".* hotbackup / ours-cli +at least 2 +met +2\\.80 .*"))
        .anyMatch(line -> line.matches(".* ours-cli / limit +at most 1.25 +missed +1\\.30 .*"));
  }

  @Test
  void eachScenarioHasAPictureThatSaysWhatItShows() throws Exception {
    Document quiet = parse("snapshot-quiet.svg");
    assertThat(quiet.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(texts(quiet, "title"))
        .contains("snapshot-quiet", Reports.AWKWARD + ": 0 (0 to 0) commits");
    assertThat(texts(quiet, "desc").get(0))
        .contains("wall (s), lower is better: ours-cli 1.21 (1.19 to 1.25); hotbackup 3.40");
    assertThat(texts(quiet, "text")).contains("ours-cli", Reports.AWKWARD, "1.21");
    assertThat(texts(parse("snapshot-busy.svg"), "text"))
        .contains("commits-per-second (1/s), higher is better", "1,250");
  }

  @Test
  void aBarIsAsLongAsItsMedianAndASubjectKeepsItsColour() throws Exception {
    Map<String, Element> wall = bars(parse("snapshot-quiet.svg"));
    double each = width(wall.get("ours-cli")) / 1.21;
    assertThat(width(wall.get("hotbackup"))).isCloseTo(3.4 * each, within(0.5));
    assertThat(width(wall.get("limit"))).isCloseTo(0.91 * each, within(0.5));
    assertThat(width(wall.get(Reports.AWKWARD))).isZero();
    assertThat(wall.values().stream().map(bar -> bar.getAttribute("fill"))).doesNotHaveDuplicates();
    assertThat(bars(parse("snapshot-busy.svg")).get("hotbackup").getAttribute("fill"))
        .isEqualTo(wall.get("hotbackup").getAttribute("fill"));
  }

  @Test
  void thePageNeedsNothingElse() throws Exception {
    Document page = parse("report.html");
    assertThat(texts(page, "script")).isEmpty();
    assertThat(page.getElementsByTagName("link").getLength()).isZero();
    assertThat(Files.readString(directory.resolve("report.html")))
        .doesNotContain("src=", "href=", "url(", "@import");
    assertThat(page.getElementsByTagName("svg").getLength()).isEqualTo(2);
    assertThat(texts(page, "td"))
        .contains(Reports.AWKWARD, "hotbackup / ours-cli", "at least 2", "met", "missed", "1,250");
    assertThat(texts(page, "p")).contains("1 of 2 bounds are met.");
    assertThat(ids(page)).doesNotHaveDuplicates();
  }

  @Test
  void aScenarioThatIsNoFileNameLeavesTheDirectoryAlone() throws Exception {
    Path below = directory.resolve("below");
    Figure figure = Reports.figure("../outside", "x", "wall", 1.0);
    ReportFiles.write(
        new BenchReport("", "", Map.of(), Map.of(), List.of(figure), List.of()), below);
    assertThat(below.resolve("scenario-1.svg")).exists();
    assertThat(directory.resolve("outside.svg")).doesNotExist();
  }

  private Document parse(String name) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(directory.resolve(name).toFile());
  }

  private static List<Element> elements(Document document, String name) {
    NodeList found = document.getElementsByTagName(name);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }

  private static List<String> texts(Document document, String name) {
    return elements(document, name).stream().map(Element::getTextContent).toList();
  }

  private static List<String> ids(Document document) {
    return elements(document, "*").stream()
        .map(each -> each.getAttribute("id"))
        .filter(id -> !id.isEmpty())
        .toList();
  }

  /** Each subject's bar. */
  private static Map<String, Element> bars(Document picture) {
    Map<String, Element> bars = new HashMap<>();
    for (Element row : elements(picture, "g")) {
      String subject = row.getElementsByTagName("text").item(0).getTextContent();
      bars.put(subject, (Element) row.getElementsByTagName("rect").item(0));
    }
    return bars;
  }

  private static double width(Element bar) {
    return Double.parseDouble(bar.getAttribute("width"));
  }

  @Test
  void ofTwoInTheMiddleTheMedianIsBetween() {
    assertThat(Spread.of(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(new Spread(1, 2.5, 4));
  }

  @Test
  void whatIsNoNumberIsNoSample() {
    assertThatThrownBy(() -> Reports.figure("s", "x", "wall", 1.0, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN");
  }
}
