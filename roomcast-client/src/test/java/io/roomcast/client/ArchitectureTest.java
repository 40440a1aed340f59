package io.roomcast.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the client leans on, and where. */
final class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.roomcast.client");

    @Test
    void client_knowsTheProtocolAndNettyOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.roomcast.client",
                        "io.roomcast.protocol",
                        "io.netty..",
                        "java..",
                        "javax.net.ssl",
                        "org.jspecify.annotations",
                        "tools.jackson..")
                .check(CLASSES);
    }

    @Test
    void netty_isBehindWireAndLoops() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(Wire.class, Handshake.class, FrameReader.class, Loop.class, SharedThreads.class)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .because("what users see names no Netty, and another transport would change these only")
                .check(CLASSES);
    }

    @Test
    void jackson_isOptional() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(JacksonCodec.class)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("tools.jackson..")
                .check(CLASSES);
        var module = ModuleFinder.of(Path.of("target/classes"))
                .find("io.roomcast.client")
                .orElseThrow()
                .descriptor();
        assertThat(module.requires())
                .filteredOn(requires -> requires.name().startsWith("tools.jackson"))
                .allMatch(requires ->
                        requires.modifiers().contains(java.lang.module.ModuleDescriptor.Requires.Modifier.STATIC));
    }

    @Test
    void publicClasses_areFinal() {
        classes()
                .that()
                .arePublic()
                .and()
                .areNotInterfaces()
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(CLASSES);
    }
}
