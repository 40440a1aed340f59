package io.roomcast.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands at the listening socket. When accepting fails, because something else in the process has taken the descriptors
 * that {@link Descriptors} has counted on, it is left alone for {@value #PAUSE_MILLIS} ms: the socket stays ready all the
 * while, so trying at once would do nothing else. Who connects meanwhile waits in the kernel's backlog. Those who are
 * connected notice nothing.
 */
final class AcceptPause extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptPause.class);
    private static final int PAUSE_MILLIS = 100;
    private static final long NANOS_BETWEEN_LINES = TimeUnit.SECONDS.toNanos(30);

    private long lastLine = System.nanoTime() - NANOS_BETWEEN_LINES;

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
        channel.config().setAutoRead(false);
        channel.eventLoop().schedule(() -> channel.config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
