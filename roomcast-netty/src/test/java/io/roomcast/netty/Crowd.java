package io.roomcast.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Very many members of one room as a process of its own, since one process has descriptors for one end of them only. Some
 * stop reading in the middle of a frame. All must hear the very same bytes.
 *
 * <p>Arguments: the server's port, the room, how many members, how many of them pause, and as many stop for good. It prints
 * {@code joined}; {@code READS n} when all who read have heard n messages, {@code PAUSES n} when all have that only pause;
 * the same of those that stop, {@code cut n} when so many of them have been cut; and, before it ends, what went wrong. It does what it
 * reads: {@value #GO_ON}, those that pause read on; {@value #LOOK}, those that stopped look whether they are cut; {@value
 * #END}, it ends, and all connections with it by resets.
 */
final class Crowd {
    static final char GO_ON = 'g';
    static final char LOOK = 'l';
    static final char END = 'e';

    /** Where those who do not read on stop, in bytes behind the answer to their join. */
    static final int STOP = 18_000;

    /** Connections that are opened together. */
    private static final int BATCH = 500;

    private static final int SMALL_BUFFER = 4_096;
    private static final int MOST_MESSAGES = 1_000;

    enum Kind {
        READS,
        PAUSES,
        STOPS
    }

    private static final class Member {
        final Kind kind;
        final SocketChannel channel;

        /** How many bytes it has heard, and how many whole messages are in them. */
        int heard;

        int messages;

        Member(Kind kind, SocketChannel channel) {
            this.kind = kind;
            this.channel = channel;
        }
    }

    private final Selector selector;
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
    private final List<Member> members = new ArrayList<>();
    private final Map<Kind, Integer> sizes = new EnumMap<>(Kind.class);
    private final Map<Kind, int[]> heardBy = new EnumMap<>(Kind.class);

    /** What the first to hear it has heard, and all others must. */
    private final byte[] said = new byte[4 * 1024 * 1024];

    private int saidBytes;

    /** Where each message ends in it. */
    private final List<Integer> ends = new ArrayList<>();

    private long firstOffset;
    private boolean goesOn;
    private int cut;

    private Crowd() throws IOException {
        selector = Selector.open();
        for (Kind kind : Kind.values()) {
            heardBy.put(kind, new int[MOST_MESSAGES]);
        }
    }

    public static void main(String[] args) throws IOException {
        Crowd crowd = new Crowd();
        int count = Integer.parseInt(args[2]);
        crowd.join(Integer.parseInt(args[0]), args[1], count, Integer.parseInt(args[3]));
        System.out.println("joined");
        try {
            while (crowd.obeys()) {
                crowd.selector.select(crowd::readable, 10);
            }
        } catch (AssertionError fault) {
            System.out.println(fault.getMessage());
        }
    }

    // ---- Coming

    private void join(int port, String room, int count, int pauses) throws IOException {
        byte[] join =
                RawClient.frame(RawClient.TEXT, ("{\"type\":\"join\",\"room\":\"" + room + "\"}").getBytes(UTF_8));
        byte[] upgrade = RawClient.UPGRADE.getBytes(ISO_8859_1);
        byte[] both = Arrays.copyOf(upgrade, upgrade.length + join.length);
        System.arraycopy(join, 0, both, upgrade.length, join.length);
        for (int begin = 0; begin < count; begin += BATCH) {
            int end = Math.min(count, begin + BATCH);
            for (int i = begin; i < end; i++) {
                open(port, kind(i, count / pauses)).channel.write(ByteBuffer.wrap(both));
            }
            for (Member member : members.subList(begin, end)) {
                awaitJoined(member.channel);
            }
        }
        for (Member member : members) {
            member.channel.configureBlocking(false).register(selector, SelectionKey.OP_READ, member);
        }
    }

    /** In each stretch of so many one pauses, and one stops. */
    private static Kind kind(int index, int stretch) {
        int place = index % stretch;
        return place == stretch / 3 ? Kind.PAUSES : place == stretch * 2 / 3 ? Kind.STOPS : Kind.READS;
    }

    private Member open(int port, Kind kind) throws IOException {
        SocketChannel channel = SocketChannel.open();
        if (kind != Kind.READS) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
        }
        channel.setOption(StandardSocketOptions.SO_LINGER, 0); // leaves nothing behind in the system
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Member member = new Member(kind, channel);
        members.add(member);
        sizes.merge(kind, 1, Integer::sum);
        return member;
    }

    /** The last that comes before the first message. */
    private void awaitJoined(SocketChannel channel) throws IOException {
        in.clear();
        String soFar = "";
        while (!soFar.contains("{\"type\":\"joined\"") || !soFar.endsWith("}")) {
            if (channel.read(in) < 0) {
                throw new IOException("ended after: " + soFar);
            }
            soFar = ISO_8859_1.decode(in.duplicate().flip()).toString();
        }
    }

    // ---- Hearing

    private boolean obeys() throws IOException {
        while (System.in.available() > 0) {
            int command = System.in.read();
            if (command == GO_ON) {
                goesOn = true;
                listenAgain(Kind.PAUSES);
            } else if (command == LOOK) {
                listenAgain(Kind.STOPS);
            } else {
                return false;
            }
        }
        return true;
    }

    private void listenAgain(Kind kind) {
        for (Member member : members) {
            if (member.kind == kind) {
                member.channel.keyFor(selector).interestOps(SelectionKey.OP_READ);
            }
        }
    }

    private void readable(SelectionKey key) {
        Member member = (Member) key.attachment();
        in.clear();
        boolean stands = member.kind == Kind.STOPS || (member.kind == Kind.PAUSES && !goesOn);
        if (stands && member.heard < STOP) {
            in.limit(STOP - member.heard);
        }
        try {
            if (member.channel.read(in) < 0) {
                ended(member, key);
                return;
            }
        } catch (IOException reset) {
            ended(member, key);
            return;
        }
        if (stands && member.heard >= STOP) {
            return; // it only looks whether it is cut
        }
        in.flip();
        hear(member);
        if (stands && member.heard == STOP) {
            key.interestOps(0);
        }
    }

    private void ended(Member member, SelectionKey key) {
        key.cancel();
        if (member.kind != Kind.STOPS) {
            throw new AssertionError("one of kind " + member.kind + " was cut after " + member.heard + " bytes");
        }
        System.out.println("cut " + ++cut);
    }

    private void hear(Member member) {
        int known = Math.min(in.remaining(), saidBytes - member.heard);
        if (!in.slice(in.position(), known).equals(ByteBuffer.wrap(said, member.heard, known))) {
            throw new AssertionError("one heard something else behind byte " + member.heard);
        }
        in.position(in.position() + known);
        member.heard += known;
        int more = in.remaining();
        if (more > 0) {
            in.get(said, saidBytes, more);
            saidBytes += more;
            member.heard += more;
            parse();
        }
        int[] heardByKind = Objects.requireNonNull(heardBy.get(member.kind));
        int size = Objects.requireNonNull(sizes.get(member.kind));
        while (member.messages < ends.size() && ends.get(member.messages) <= member.heard) {
            int number = ++member.messages;
            if (++heardByKind[number] == size) {
                System.out.println(member.kind + " " + number);
            }
        }
    }

    /** Whole text frames, with one message after the other in them. */
    private void parse() {
        int begin = ends.isEmpty() ? 0 : ends.get(ends.size() - 1);
        while (saidBytes - begin >= 4) {
            int length = ((said[begin + 2] & 0xFF) << 8) | (said[begin + 3] & 0xFF);
            if ((said[begin] & 0xFF) != RawClient.TEXT || said[begin + 1] != 126) {
                throw new AssertionError("no frame of a message at byte " + begin);
            }
            int end = begin + 4 + length;
            if (end > saidBytes) {
                return;
            }
            check(new String(said, begin + 4, length, UTF_8), ends.size());
            ends.add(end);
            begin = end;
        }
    }

    private void check(String message, int number) {
        if (number == 0) {
            firstOffset = Long.parseLong(message.replaceFirst("(?s).*\"offset\":(\\d+).*", "$1"));
        }
        if (!message.startsWith("{\"type\":\"message\"")
                || !message.contains("\"offset\":" + (firstOffset + number) + ",")
                || !message.contains("\"data\":\"" + number + " ")) {
            throw new AssertionError("not message " + number + ": " + message);
        }
    }
}
