/*
 * A slow network, for real: this page reads its connection at a few hundred kilobytes a second, and keeps the
 * line full of padding that it sends to itself, as a large download would. The browser's buffers fill, then
 * TCP's, then the server's, and there what waits of the room's state is merged. Nobody else notices.
 *
 * It takes a browser where a page decides when a WebSocket is read (WebSocketStream). A WebSocket is read
 * eagerly, however little the page has time for it. The padding is needed because all those buffers together
 * hold more than a board of notes says in minutes.
 */
(() => {
  "use strict";

  const BYTES_PER_SECOND = 500_000;
  /** Read at once after a pause: TCP takes a burst for a fast reader, and gives it larger buffers. */
  const BURST_BYTES = 50_000;
  /** The same in a tab that nobody looks at, whose timers run once a second. */
  const HIDDEN_BURST_BYTES = 500_000;
  const PADDING_CHARS = 30_000;
  /** Messages of padding that are sent at once, for the same reason. */
  const PADDING_BURST = 3;
  const PADDING = "padding";
  /** How much is under way at first, as a share of what the server lets wait for one connection. */
  const FILL_FIRST = 1.25;
  /** More, each time it turns out that the buffers on the way have swallowed it: less than the server lets wait. */
  const FILL_MORE = 0.75;
  const FILL_MOST = 8;
  const DEFAULT_OUTBOX_BYTES = 1_048_576;
  /** So many changes one by one while the line goes round once: it is not full yet. */
  const CHANGES_TO_JUDGE = 8;
  const SLOW_CONSUMER = 4008;

  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  /** Looks like a WebSocket to roomcast.connect(), and reads no faster than it is told. */
  class SlowSocket {
    readyState = WebSocket.CONNECTING;
    bufferedAmount = 0;
    onopen = null;
    onerror = null;
    onmessage = null;
    onclose = null;
    #stream;
    #writer;
    #hurried;
    #hurry = new Promise((resolve) => { this.#hurried = resolve; });
    #isSlow = true;
    #allowance = 0;
    #readAt = performance.now();

    constructor(address, protocol) {
      this.#stream = new WebSocketStream(address, { protocols: [protocol] });
      this.#stream.closed.catch(() => {}); // asked for again at the end
      this.#run();
    }

    send(text) {
      this.#writer.write(text).catch(() => {}); // the end is told by onclose
    }

    /** What still comes is read, so that the end comes too, but not handed on. */
    close(code) {
      if (this.readyState >= WebSocket.CLOSING) return;
      this.readyState = WebSocket.CLOSING;
      this.hurry();
      this.#stream.close(code === undefined ? {} : { closeCode: code });
    }

    /** From here on as fast as it comes. */
    hurry() {
      this.#isSlow = false;
      this.#hurried();
    }

    async #run() {
      try {
        const { readable, writable } = await this.#stream.opened;
        this.#writer = writable.getWriter();
        this.#writer.closed.catch(() => {});
        if (this.readyState === WebSocket.CONNECTING) this.readyState = WebSocket.OPEN;
        await this.#read(readable.getReader());
      } catch {
        // no connection, or not any more
      }
      const { closeCode = 1006, reason = "" } = await this.#stream.closed.catch(() => ({}));
      this.readyState = WebSocket.CLOSED;
      this.onclose?.({ code: closeCode, reason });
    }

    async #read(reader) {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        if (this.readyState === WebSocket.OPEN) this.onmessage?.({ data: value });
        if (this.#isSlow) await this.#pace(value.length);
      }
    }

    /** By the clock and not by the timer, which is late in a tab that nobody looks at. */
    async #pace(chars) {
      const now = performance.now();
      const earned = ((now - this.#readAt) * BYTES_PER_SECOND) / 1_000;
      this.#readAt = now;
      const most = document.hidden ? HIDDEN_BURST_BYTES : BURST_BYTES;
      this.#allowance = Math.min(this.#allowance + earned, most) - chars;
      if (this.#allowance < 0) await Promise.race([wait((-this.#allowance * 1_000) / BYTES_PER_SECOND), this.#hurry]);
    }
  }

  /** The switch: whether the next connection is slow, and the padding that keeps the line full. */
  class SlowLine {
    static possible = "WebSocketStream" in globalThis;

    /** For new roomcast.Line(): makes slow connections while it is on, and ordinary ones otherwise. */
    WebSocket;
    isOn = false;
    #socket;
    #client;
    #room;
    #share = FILL_FIRST;
    /** Characters of padding that are on their way, and those that came since we last judged. */
    #underWay = 0;
    #cameRound = 0;
    #single = 0;
    #merged = 0;

    constructor() {
      const open = (address, protocol) => {
        this.#socket = this.isOn ? new SlowSocket(address, protocol) : undefined;
        return this.#socket ?? new WebSocket(address, protocol);
      };
      // What this returns takes the place of what `new` has made.
      this.WebSocket = function (address, protocol) {
        return open(address, protocol);
      };
    }

    /** Connects once more, slowly. The session is brought back, so that nobody sees it. */
    start({ client, room, line }) {
      this.isOn = true;
      this.#client = client;
      this.#room = room;
      this.#share = FILL_FIRST;
      if (line.isCut) return; // the next connection will be slow
      line.cut();
      line.mend();
    }

    /** What waits comes now, as fast as it can. The connection stays. */
    stop() {
      this.isOn = false;
      this.#socket?.hurry();
    }

    /** In the room again: the line is empty, and is filled. */
    joined() {
      this.#underWay = this.#cameRound = this.#single = this.#merged = 0;
      if (this.#socket !== undefined && this.isOn) this.#fill();
    }

    /** We were too slow even for the server's patience: less next time. */
    lost(closeCode) {
      if (closeCode === SLOW_CONSUMER) this.#share = Math.max(this.#share * 0.75, 0.5);
    }

    /** Whether this message is our own padding, which goes round. */
    takes(message) {
      if (message.event !== PADDING || !message.mine) return false;
      const { length } = message.data;
      this.#underWay = Math.max(0, this.#underWay - length);
      this.#cameRound += length;
      if (this.isOn) {
        if (this.#cameRound >= this.#most) this.#judge();
        this.#fill();
      }
      return true;
    }

    /** A change of the state came, alone or merged with others. */
    count(changes) {
      if (changes > 1) this.#merged++;
      else this.#single++;
    }

    get #most() {
      return this.#share * (this.#client.limits.outboxBytes ?? DEFAULT_OUTBOX_BYTES);
    }

    /** How much the buffers on the way hold is not to be seen from here, except by what is merged. */
    #judge() {
      const passedSingly = this.#merged === 0 && this.#single >= CHANGES_TO_JUDGE;
      if (passedSingly) this.#share = Math.min(this.#share + FILL_MORE, FILL_MOST);
      this.#cameRound = this.#single = this.#merged = 0;
    }

    #fill() {
      const data = "x".repeat(PADDING_CHARS);
      for (let sent = 0; sent < PADDING_BURST && this.#underWay < this.#most; sent++) {
        if (this.#room.status !== "joined") return;
        this.#room.publish(data, { event: PADDING, keep: false, to: this.#room.memberId });
        this.#underWay += PADDING_CHARS;
      }
    }
  }

  globalThis.SlowLine = SlowLine;
})();
