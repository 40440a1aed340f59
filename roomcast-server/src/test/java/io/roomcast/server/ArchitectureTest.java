package io.roomcast.server;

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

    /** The program has the client for its commands; the client knows nothing of any server, nor a server of it. */
    @Test
    void client_and_server_know_only_the_protocol_of_each_other() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.roomcast.engine..", "io.roomcast.netty..", "io.roomcast.server..", "io.roomcast.testkit..")
                .check(classes("io.roomcast.client"));
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.roomcast.client..")
                .check(classes("io.roomcast.protocol", "io.roomcast.engine", "io.roomcast.netty"));
    }

    @Test
    void publicTypes_areThese() {
        assertThat(classes("io.roomcast.server").stream()
                        .filter(type ->
                                type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder("Main");
    }
}
