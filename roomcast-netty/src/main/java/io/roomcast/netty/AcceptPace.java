package io.roomcast.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands at the listening socket and lets in {@value #PER_LANE} connections for each lane in {@value #WINDOW_MILLIS} ms,
 * 2,000 a second. Who connects meanwhile waits in the kernel's backlog. So when thousands come back at once, the lanes have
 * few of them in hand at any time, and those who are connected are served in between, as if nothing was.
 *
 * <p>When accepting fails, because something else in the process has taken the descriptors that {@link Descriptors} has
 * counted on, the socket is left alone for {@value #PAUSE_MILLIS} ms: it stays ready all the while, so trying at once would
 * do nothing else.
 *
 * <p>Used on the event loop of the listening socket only.
 */
final class AcceptPace extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptPace.class);
    private static final int PER_LANE = 8;
    private static final int WINDOW_MILLIS = 4;
    private static final int PAUSE_MILLIS = 100;
    private static final long NANOS_BETWEEN_LINES = TimeUnit.SECONDS.toNanos(30);

    private final int most;

    /** Accepted in this window, which begins with the first of them. */
    private int accepted;

    private boolean windowRuns;

    /** Accepting has failed a moment ago. */
    private boolean failing;

    private long lastLine = System.nanoTime() - NANOS_BETWEEN_LINES;

    AcceptPace(int lanes) {
        this.most = PER_LANE * lanes;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object connection) {
        accepted++;
        context.fireChannelRead(connection);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        Channel channel = context.channel();
        if (!windowRuns && accepted > 0) {
            windowRuns = true;
            channel.eventLoop().schedule(() -> nextWindow(channel), WINDOW_MILLIS, TimeUnit.MILLISECONDS);
        }
        acceptOrNot(channel);
        context.fireChannelReadComplete();
    }

    private void nextWindow(Channel channel) {
        windowRuns = false;
        accepted = 0;
        acceptOrNot(channel);
    }

    private void acceptOrNot(Channel channel) {
        channel.config().setAutoRead(accepted < most && !failing);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        long now = System.nanoTime();
        if (now - lastLine >= NANOS_BETWEEN_LINES) {
            lastLine = now;
            LOG.warn(
                    "Cannot accept connections ({}); trying again every {} ms. If descriptors are short, raise their"
                            + " limit (ulimit -n).",
                    cause.toString(),
                    PAUSE_MILLIS);
        }
        Channel channel = context.channel();
        if (!failing) {
            failing = true;
            acceptOrNot(channel);
            channel.eventLoop()
                    .schedule(
                            () -> {
                                failing = false;
                                acceptOrNot(channel);
                            },
                            PAUSE_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }
}
