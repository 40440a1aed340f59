package io.roomcast.types;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    private static JavaClasses classes(String... packages) {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(packages);
    }

    @Test
    void types_knowTheEngineAndJacksonsTokens_andNoTransport() {
        noClasses()
                .should()
                .dependOnClassesThat(resideOutsideOfPackages(
                        "io.roomcast.types",
                        "io.roomcast.engine",
                        "io.roomcast.engine.spi",
                        "io.roomcast.protocol",
                        "tools.jackson.core..",
                        "java..",
                        "org.jspecify.annotations"))
                .check(classes("io.roomcast.types"));
    }

    @Test
    void protocolEngineAndTransport_doNotKnowTypesAndJackson() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.roomcast.types..", "tools.jackson..", "com.fasterxml..")
                .check(classes("io.roomcast.protocol", "io.roomcast.engine", "io.roomcast.netty"));
    }

    /** A type that is not here is package-private, or a decision to be made. */
    @Test
    void publicTypes_areThese() {
        assertThat(classes("io.roomcast.types").stream()
                        .filter(type ->
                                type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder("ClientTypes", "RoomType", "TypedEdit", "TypedRoom", "TypedSnapshot");
    }
}
