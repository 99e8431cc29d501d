package io.github.bdbstandby;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The house has floors, and each knows only those below it. */
@AnalyzeClasses(
    packages = "io.github.bdbstandby",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class FloorsTest {
  private static final String ROOT = "io.github.bdbstandby";

  @ArchTest
  static final ArchRule FLOORS =
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
          .ensureAllClassesAreContainedInArchitectureIgnoring(ROOT);

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NATIVE_METHODS =
      methods()
          .that()
          .haveModifier(JavaModifier.NATIVE)
          .should()
          .beDeclaredInClassesThat()
          .resideInAPackage(ROOT + ".libdb..");

  @ArchTest
  static final ArchRule ONLY_THE_COMMAND_LINE_PRINTS =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".cli..")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .callMethod(Throwable.class, "printStackTrace");

  @ArchTest
  static final ArchRule ONLY_THE_COMMAND_LINE_ENDS_THE_PROCESS =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".cli..")
          .should()
          .callMethod(System.class, "exit", int.class);

  @ArchTest
  static final ArchRule THE_COMMAND_LINE_PARSER_STAYS_ABOVE =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..", "me.tongfei..");
}
