package io.github.bdbstandby;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The house has floors, and each knows only those below it. */
final class FloorsTest {
  private static final String ROOT = "io.github.bdbstandby";
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void floors() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
        .layer("cli")
        .definedBy(ROOT + ".cli..")
        .layer("standby")
        .definedBy(ROOT + ".standby..")
        .layer("procedure")
        .definedBy(ROOT + ".procedure..")
        .layer("copy")
        .definedBy(ROOT + ".copy..")
        .layer("libdb")
        .definedBy(ROOT + ".libdb..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("standby")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("procedure")
        .mayOnlyBeAccessedByLayers("cli", "standby")
        .whereLayer("copy")
        .mayOnlyBeAccessedByLayers("cli", "standby", "procedure")
        .whereLayer("libdb")
        .mayOnlyBeAccessedByLayers("cli", "standby", "procedure", "copy")
        .ensureAllClassesAreContainedInArchitectureIgnoring(ROOT)
        .check(HOUSE);
  }

  @Test
  void noCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  void nativeMethods() {
    methods()
        .that()
        .haveModifier(JavaModifier.NATIVE)
        .should()
        .beDeclaredInClassesThat()
        .resideInAPackage(ROOT + ".libdb..")
        .check(HOUSE);
  }

  @Test
  void onlyTheCommandLinePrints() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".cli..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .check(HOUSE);
  }

  @Test
  void onlyTheCommandLineEndsTheProcess() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".cli..")
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(HOUSE);
  }

  @Test
  void theCommandLineParserStaysAbove() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..", "me.tongfei..")
        .check(HOUSE);
  }

  @Test
  void metersAreKeptBelowAndShownAbove() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.micrometer.prometheusmetrics..", "com.sun.net.httpserver..", "ch.qos.logback..")
        .check(HOUSE);
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".cli..", ROOT + ".standby..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..")
        .check(HOUSE);
  }
}
