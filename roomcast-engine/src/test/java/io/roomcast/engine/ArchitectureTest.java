package io.roomcast.engine;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** What may know what, in the steps that a message takes before it becomes bytes on a wire. */
final class ArchitectureTest {
    private final JavaClasses all = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.roomcast.protocol", "io.roomcast.engine");

    @Test
    void protocol_knowsOnlyTheLanguage() {
        noClasses()
                .that()
                .resideInAPackage("io.roomcast.protocol..")
                .should()
                .dependOnClassesThat(resideOutsideOfPackages(
                                "io.roomcast.protocol..",
                                "java.lang..",
                                "java.math",
                                "java.nio.charset",
                                "java.util",
                                "java.util.function",
                                "java.util.stream",
                                "org.jspecify.annotations")
                        .and(not(type(ByteOrder.class)))
                        // For a seed that an attacker does not know.
                        .and(not(type(ThreadLocalRandom.class)))
                        .or(assignableTo(Thread.class)))
                .check(all);
    }

    @Test
    void engine_knowsNettysBuffersAndNoMoreOfIt() {
        noClasses()
                .that()
                .resideInAPackage("io.roomcast.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.netty.bootstrap..", "io.netty.channel..", "io.netty.handler..", "io.netty.util..")
                .check(all);
    }

    @Test
    void spi_doesNotKnowTheEngine() {
        noClasses()
                .that()
                .resideInAPackage("io.roomcast.engine.spi")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.roomcast.engine")
                .check(all);
    }

    @Test
    void packages_haveNoCycles_andAreNamedByWhatTheyAre() {
        slices().matching("io.roomcast.(**)").should().beFreeOfCycles().check(all);
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..impl..", "..common..", "..handler..", "..manager..")
                .check(all);
    }

    /** A type that is not here is package-private, or a decision to be made. */
    @Test
    void publicTypes_areThese() {
        assertThat(all.stream()
                        .filter(type -> type.getPackageName().startsWith("io.roomcast.engine"))
                        .filter(type ->
                                type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(type -> type.getName().substring("io.roomcast.engine.".length())))
                .containsExactlyInAnyOrder(
                        "ConnectEvent",
                        "DisconnectEvent",
                        "Handshake",
                        "JoinEvent",
                        "LeaveEvent",
                        "Listeners",
                        "MessageEvent",
                        "NamePattern",
                        "Room",
                        "RoomRequestEvent",
                        "RoomTemplate",
                        "Rooms",
                        "RoomsConfig",
                        "Session",
                        "SharedState",
                        "SlowConsumer",
                        "StateEdit",
                        "Statistics",
                        "UpdateEvent",
                        "UpdateRefusedException",
                        "spi.Broker",
                        "spi.Clock",
                        "spi.Connection",
                        "spi.Endpoint",
                        "spi.HistoryRange",
                        "spi.KeptMessage",
                        "spi.Lane",
                        "spi.MessageKey",
                        "spi.Publication",
                        "spi.Retention",
                        "spi.RoomCheck",
                        "spi.StateChange",
                        "spi.StateUpdate");
    }
}
