package io.roomcast.netty;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    private final JavaClasses all = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.roomcast.netty");

    @Test
    void packages_areNamedByWhatTheyAre() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..impl..", "..common..", "..handler..", "..manager..")
                .check(all);
    }

    /** A type that is not here is package-private, or a decision to be made. */
    @Test
    void publicTypes_areThese() {
        assertThat(all.stream()
                        .filter(type ->
                                type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder("RoomServer", "RoomServerBuilder", "Transport");
    }
}
