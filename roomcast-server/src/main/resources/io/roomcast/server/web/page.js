/*
 * The page at "/": a door (name, room, colour) and a studio (messages, the board, people, cursors, frames).
 * What others wrote reaches the document through textContent only; every list here has a bound.
 */
(() => {
  "use strict";

  const MESSAGES_SHOWN = 500;
  const PAST_MESSAGES = 50;
  const MEMBERS_SHOWN = 200;
  const PEOPLE_REMEMBERED = 2_000;
  const CURSORS_SHOWN = 60;
  const FRAMES_KEPT = 300;
  const FRAME_CHARS_SHOWN = 4_000;
  const CURSOR_EVERY_MS = 50;
  const CURSOR_IDLE_MS = 4_000;
  const TYPING_EVERY_MS = 2_000;
  const TYPING_FOR_MS = 3_500;
  const SAME_BREATH_MS = 180_000;
  /** An answer that takes longer is waited for in sight. */
  const PENDING_AFTER_MS = 400;
  const HUES = [28, 62, 105, 150, 200, 245, 295, 350];
  const HUE_NAMES = ["Vermilion", "Amber", "Moss", "Jade", "Lagoon", "Sky", "Violet", "Rose"];
  const PASSING = { keep: false, echo: false };
  /** What the client lets be a room; known here so that no connection is made for nothing. */
  const ROOM_ID = /^[^\p{Cc}]{1,128}$/u;

  const $ = (id) => document.getElementById(id);
  const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
  const stopwatch = new Intl.DateTimeFormat(undefined, {
    hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hour12: false,
  });

  /** Where we are: {client, line, name, hue}, and inside what `visitOf` adds; undefined at the door. */
  let visit;

  const slowLine = new SlowLine();
  const board = new Board({
    toast, inWords, personBy, element, me: () => visit, hues: HUES, hueNames: HUE_NAMES,
  });

  // ---- Small things -------------------------------------------------------------------------

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function remember(key, value, store = localStorage) {
    try {
      if (value === null) store.removeItem(`roomcast.${key}`);
      else store.setItem(`roomcast.${key}`, value);
    } catch {
      // storage may be forbidden; then nothing is remembered
    }
  }

  function recall(key, store = localStorage) {
    try {
      return store.getItem(`roomcast.${key}`);
    } catch {
      return null;
    }
  }

  function pick(list) {
    return list[Math.floor(Math.random() * list.length)];
  }

  function hueOf(text) {
    let hash = 7;
    for (const char of String(text)) hash = (hash * 31 + char.codePointAt(0)) >>> 0;
    return HUES[hash % HUES.length];
  }

  function initialOf(name) {
    return [...name][0]?.toUpperCase() ?? "?";
  }

  function tint(target, hue) {
    target.style.setProperty("--hue", hue); // by the object model: the CSP forbids style attributes
    return target;
  }

  function avatar(person) {
    const made = tint(element("span", "avatar", initialOf(person.name)), person.hue);
    made.ariaHidden = "true";
    return made;
  }

  function people(count) {
    return count === 1 ? "1 person" : `${count.toLocaleString()} people`;
  }

  function toast(text) {
    const box = $("toasts");
    for (const earlier of [...box.children]) if (earlier.textContent === text) earlier.remove(); // said once more, not twice
    while (box.childElementCount > 2) box.firstElementChild.remove();
    const made = box.appendChild(element("p", "toast", text));
    setTimeout(() => made.remove(), 5_000);
  }

  /** What went wrong, to somebody who never heard of frames. */
  function inWords(error) {
    switch (error.code) {
      case "bad_room": return "That room name does not work. Use 1 to 128 ordinary characters.";
      case "room_full": return "This room is full. Try again when somebody has left, or pick another one.";
      case "too_many_rooms": return "You are in too many rooms at once. Leave one first.";
      case "too_large": return "That is too long for this server. Make it shorter.";
      case "rate_limited": return "That was a bit fast. Wait a moment and try again.";
      case "conflict": return "Somebody else was quicker. Look at what is there now, and try again.";
      case "not_allowed": return `The server does not allow that. ${error.message}`;
      case "unauthorized":
      case "token_expired": return "This server wants you to sign in first.";
      case "not_member":
      case "left": return "You are not in this room any more.";
      case "unavailable": return "The server cannot do that just now. Try again in a moment.";
      case "timeout": return "The server did not answer in time. Try again.";
      case "unconfirmed": return "The connection broke while that was on its way. Look whether it is there, and send it again if not.";
      case "queue_full": return "Too much waits to be sent already. Try again when the connection is back.";
      case "bad_frame": return "What answers here does not speak like a Roomcast server. Trying again.";
      case "unsupported_protocol": return "The server has another version than this page. Reload the page.";
      case "closed": return "The server ended this connection.";
      case "kicked": return "You were removed from this room.";
      default: return error.message;
    }
  }

  /** Why the room could not go on where we were. */
  function reasonInWords(reason) {
    switch (reason) {
      case "epoch": return "the room has begun anew";
      case "too_many": return "too many messages were missed";
      case "trimmed": return "what was missed is not kept any more";
      default: return "the room stands elsewhere";
    }
  }

  // ---- Theme --------------------------------------------------------------------------------

  const systemDark = matchMedia("(prefers-color-scheme: dark)");

  function isDark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : systemDark.matches;
  }

  function applyTheme(theme) {
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  }

  function labelTheme() {
    const text = isDark() ? "Switch to the light theme" : "Switch to the dark theme";
    for (const button of document.querySelectorAll("[data-action=theme]")) {
      button.ariaLabel = text;
      button.title = text;
    }
  }

  function switchTheme() {
    const theme = isDark() ? "light" : "dark";
    applyTheme(theme);
    remember("theme", theme);
    labelTheme();
  }

  applyTheme(recall("theme")); // before the first paint

  // ---- The door -----------------------------------------------------------------------------

  function roomInAddress() {
    const fromQuery = new URLSearchParams(location.search).get("room");
    if (fromQuery) return fromQuery;
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch {
      return "";
    }
  }

  function addressOf(room) {
    const address = new URL(location.href);
    address.search = "";
    address.hash = "";
    if (room) address.searchParams.set("room", room);
    return address.href;
  }

  function buildSwatches() {
    const chosen = Number(recall("hue") ?? pick(HUES));
    HUES.forEach((hue, index) => {
      const label = tint(element("label", "swatch"), hue);
      const input = element("input");
      Object.assign(input, { type: "radio", name: "hue", value: hue, checked: hue === chosen });
      input.ariaLabel = HUE_NAMES[index];
      label.title = HUE_NAMES[index];
      label.append(input, element("span"));
      $("swatches").append(label);
    });
    if (!HUES.includes(chosen)) $("swatches").querySelector("input").checked = true;
  }

  function suggestName() {
    const first = ["Amber", "Brisk", "Calm", "Dapper", "Early", "Gentle", "Lucky", "Mellow", "Quiet", "Sunny"];
    const second = ["Badger", "Crane", "Finch", "Fox", "Heron", "Lynx", "Marten", "Otter", "Robin", "Swift"];
    return `${pick(first)} ${pick(second)}`;
  }

  function showSnippet() {
    const room = $("room").value.trim() || "lobby";
    const socket = new URL("ws", location.href);
    socket.protocol = socket.protocol.replace("http", "ws");
    socket.search = "";
    socket.hash = "";
    $("snippet").textContent = `const ws = new WebSocket("${socket.href}");
ws.onmessage = (e) => console.log(e.data);
ws.onopen = () => {
  ws.send(${literal({ type: "join", room })});
  ws.send(${literal({ type: "publish", room, data: { text: "Hello" } })});
};`;
  }

  /** A frame as JavaScript source, in single quotes because JSON uses double ones. */
  function literal(frame) {
    return `'${JSON.stringify(frame).replace(/[\\']/g, "\\$&")}'`;
  }

  function showDoor(problem) {
    document.title = "Roomcast";
    $("studio").hidden = true;
    $("door").hidden = false;
    showProblem(problem);
    setEntering(false);
    $("name").focus();
    $("name").select();
  }

  function showProblem(text) {
    $("door-error").hidden = !text;
    $("door-error").textContent = text ?? "";
  }

  function setEntering(entering) {
    $("enter-button").disabled = entering;
    $("enter-button").textContent = entering ? "Connecting…" : "Enter the room";
  }

  function submitDoor(event) {
    event.preventDefault();
    const name = $("name").value.trim();
    const room = $("room").value.trim();
    if (name === "" || room === "") {
      showProblem(name === "" ? "Tell the others what to call you." : "A room needs a name, for example lobby.");
      $(name === "" ? "name" : "room").focus();
      return;
    }
    const hue = Number(new FormData($("enter")).get("hue"));
    remember("name", name);
    remember("room", room);
    remember("hue", hue);
    enterRoom(room, { name, hue });
  }

  // ---- Coming and going ---------------------------------------------------------------------

  async function enterRoom(roomId, me) {
    if (!ROOM_ID.test(roomId)) {
      leaveFor(inWords({ code: "bad_room" }));
      return;
    }
    showProblem();
    setEntering(true);
    frames.clear();
    slowLine.isOn = false;
    const line = new roomcast.Line(slowLine.WebSocket);
    const client = roomcast.connect(undefined, { WebSocket: line.WebSocket });
    visit = { client, line, ...me };
    client.on("frame", frames.record);
    client.on("status", (event) => visit?.client === client && onStatus(event));
    client.on("retry", (event) => visit?.client === client && onRetry(event));
    client.on("error", (error) => toast(inWords(error)));
    try {
      const room = await client.join(roomId, { member: me, members: true, history: PAST_MESSAGES, timeoutMs: 0 });
      if (visit?.client !== client) return;
      Object.assign(visit, visitOf(room));
      listenTo(room);
      showStudio(room);
    } catch (error) {
      if (visit?.client === client) leaveFor(inWords(error));
    }
  }

  function visitOf(room) {
    return {
      room,
      /** The last message that was said before us; it comes as one of the history, if any is kept. */
      cameInAt: room.offset,
      /** As which member of which epoch we have looked at the others last. */
      memberId: undefined,
      epoch: undefined,
      /** Of the state that we have counted the changes of. */
      version: room.state.version,
      /** Since when we have no connection. */
      lostAt: undefined,
      /** We are not back in the room since then. */
      isAway: false,
    };
  }

  function listenTo(room) {
    const listeners = {
      message: onMessage, members: onMembers, state: onState, resumed: onResumed, gap: onGap, left: onLeft, error: onRefused,
    };
    for (const [event, listener] of Object.entries(listeners)) {
      room.on(event, (detail) => visit?.room === room && listener(detail));
    }
  }

  function showStudio(room) {
    remember("inside", "yes", sessionStorage);
    history.replaceState(null, "", addressOf(room.id));
    document.title = `${room.id} · Roomcast`;
    $("room-title").textContent = room.id;
    $("room-title").title = room.id;
    $("second-tab").href = addressOf(room.id);
    messages.reset();
    cursors.reset();
    known.clear();
    $("door").hidden = true;
    $("studio").hidden = false;
    merging.reset();
    board.open(room);
    showView(recall("view", sessionStorage) === "board" ? "board" : "chat");
    showConnected();
    onMembers({ joined: [...(room.members?.values() ?? [])], left: [], changed: [] });
    unread.reset();
    (view === "board" ? $("new-note") : $("say")).focus();
  }

  // ---- Chat and board -----------------------------------------------------------------------

  let view = "chat";

  function showView(which) {
    view = which;
    remember("view", which, sessionStorage);
    $("studio").dataset.view = which;
    for (const name of ["chat", "board"]) $(`view-${name}`).ariaPressed = String(name === which);
    $("board").hidden = which !== "board";
    $("chat").hidden = which !== "chat";
    if (which !== "chat") return;
    unread.reset();
    if (messages.atEnd) messages.toEnd();
  }

  /** What is said while we look at the board. */
  const unread = {
    count: 0,

    add() {
      if (view === "chat") return;
      this.count++;
      $("unread").hidden = false;
      $("unread").textContent = this.count > 99 ? "99+" : this.count;
    },

    reset() {
      this.count = 0;
      $("unread").hidden = true;
      $("unread").textContent = "";
    },
  };

  function onState({ version, from }) {
    const changes = changesTo(version);
    if (from === undefined && changes > 1) merging.add(changes);
  }

  /** How many changes there have been from the last version that was counted to this one. */
  function changesTo(version) {
    const changes = version - visit.version;
    visit.version = version;
    if (changes > 0) slowLine.count(changes);
    return changes;
  }

  /** How many changes came as how few frames, shown since the line was made slow. */
  const merging = {
    changes: 0,
    frames: 0,

    reset() {
      this.changes = this.frames = 0;
      this.show();
      $("slow").ariaChecked = "false";
      $("slow").disabled = !SlowLine.possible;
      $("slow-words").textContent = SlowLine.possible
        ? "Makes this tab read slowly and fills its line with padding, so that the server merges the changes that wait for it."
        : "This browser reads all that comes at once, so it cannot be made slow. Chrome and Edge can.";
    },

    add(changes) {
      this.changes += changes;
      this.frames++;
      this.last = changes;
      this.show();
    },

    show() {
      const { changes, frames, last } = this;
      $("merged").hidden = frames === 0;
      $("merged").textContent = frames === 0 ? "" : frames === 1
        ? `${last} changes came as 1 frame.`
        : `${last} changes came as 1 frame; ${changes.toLocaleString()} as ${frames.toLocaleString()} so far.`;
    },
  };

  function switchSlow() {
    if (visit.client.status === "closed") return;
    const slow = $("slow").ariaChecked !== "true";
    $("slow").ariaChecked = String(slow);
    if (slow) slowLine.start(visit);
    else slowLine.stop();
  }

  /** We are where we were, and what was missed is here. It also comes where the client had a hole and has filled it. */
  function onResumed({ messages: missed, restored }) {
    const changes = changesTo(visit.room.state.version);
    if (changes > 1) merging.add(changes);
    if (!visit.isAway) return;
    visit.isAway = false;
    slowLine.joined();
    const parts = [];
    if (missed > 0) parts.push(`${missed} message${missed === 1 ? "" : "s"} missed`);
    if (changes > 0) parts.push(`${changes} change${changes === 1 ? "" : "s"} of the board brought as one`);
    const unseen = restored ? "; nobody saw you go" : "";
    messages.noteReturn(`Resumed, ${parts.join(" and ") || "nothing missed"}${unseen}`, "resumed");
  }

  /** Messages are missing, and the state has come anew. */
  function onGap({ after, before, reason }) {
    visit.version = visit.room.state.version;
    visit.cameInAt = undefined; // offsets may begin anew
    if (reason === "slow_consumer") {
      const lost = before - after - 1;
      addNote(`${lost} message${lost === 1 ? " is" : "s are"} missing: this tab reads too slowly`, "broken");
      return;
    }
    if (visit.isAway) slowLine.joined();
    visit.isAway = false;
    messages.noteReturn(`Could not resume: ${reasonInWords(reason)}`, "broken");
  }

  function leaveFor(problem) {
    const left = visit;
    visit = undefined;
    clearInterval(countdown);
    showCut(false);
    pending.reset();
    board.close();
    remember("inside", null, sessionStorage);
    left?.client.close();
    showDoor(problem);
  }

  function onLeft({ reason, detail, error }) {
    if (reason === "closed") return; // which the banner says
    leaveFor(inWords(detail === "kicked" ? { code: "kicked" } : error));
  }

  function onRefused(error) {
    if (error.code === "rate_limited") cursors.hush(error.retryAfterMs ?? 1_000);
    else toast(inWords(error));
  }

  // ---- Connection state ---------------------------------------------------------------------

  let countdown;

  function showState(state, text) {
    $("lamp").dataset.state = state;
    if ($("lamp-text").textContent !== text) $("lamp-text").textContent = text;
  }

  function onStatus({ status, error, closeCode }) {
    if (status === "connected") showConnected();
    else if (status === "reconnecting") noteLost();
    else if (error !== undefined) showEnd(closeCode === undefined ? inWords(error) : undefined, closeCode);
  }

  function showConnected() {
    clearInterval(countdown);
    visit.lostAt = undefined;
    $("banner").hidden = true;
    showState("on", "On air");
  }

  function noteLost() {
    visit.lostAt ??= Date.now();
    visit.isAway = true;
    cursors.reset();
    messages.breakHere();
  }

  function onRetry({ closeCode, retryInMs }) {
    slowLine.lost(closeCode);
    if (visit.room === undefined) showProblem("The server does not answer yet. Still trying…");
    else if (!visit.line.isCut) showReconnecting(retryInMs); // else it is not the next try that matters
  }

  function showReconnecting(retryInMs) {
    const at = Date.now() + retryInMs;
    showState("waiting", "Reconnecting");
    showBanner(() => {
      const seconds = Math.ceil((at - Date.now()) / 1_000);
      return seconds > 1
        ? `The connection is gone. Trying again in ${seconds} seconds…`
        : "The connection is gone. Trying again…";
    });
    $("banner").classList.remove("at-once"); // it spares us the short breaks
  }

  /** Nobody will try again, unless we say so. */
  function showEnd(why, closeCode) {
    if (visit.room === undefined) {
      leaveFor(why ?? `The server turned us away (${closeCode}).`);
      return;
    }
    cursors.reset();
    showCut(false);
    showState("off", "Off air");
    showBanner(() => why ?? `The server ended this connection (${closeCode}).`);
    $("again").hidden = false;
  }

  function showBanner(text) {
    clearInterval(countdown);
    const tick = () => { $("banner-text").textContent = text(); };
    tick();
    countdown = setInterval(tick, 500);
    $("again").hidden = true;
    $("banner").classList.add("at-once");
    $("banner").hidden = false;
  }

  /** The switch: our own connection is cut, and not made again before it is switched back. */
  function switchCut() {
    const { client, line } = visit;
    if (client.status === "closed") return;
    if (line.isCut) {
      showReconnecting(0);
      line.mend();
    } else {
      line.cut();
      visit.lostAt ??= Date.now();
      showCutOff();
    }
    showCut(line.isCut);
  }

  function showCut(cut) {
    $("cut").ariaChecked = String(cut);
  }

  function showCutOff() {
    const goneAt = visit.lostAt + visit.client.graceMs;
    showState("off", "Cut");
    showBanner(() => {
      const seconds = Math.ceil((goneAt - Date.now()) / 1_000);
      return seconds > 0
        ? `You cut the connection; switch it back to resume. The others see you for ${seconds} more second${seconds === 1 ? "" : "s"}.`
        : "You cut the connection; switch it back to resume. The others have seen you leave.";
    });
  }

  /** From one room to another, or to the same with a new client. */
  function goTo(roomId) {
    const { client, name, hue } = visit;
    clearInterval(countdown);
    client.close();
    pending.reset();
    showCut(false);
    enterRoom(roomId, { name, hue });
  }

  // ---- People -------------------------------------------------------------------------------

  /** Everybody seen in this visit by member id: a message may come before the news of its author. */
  const known = new Map();

  function personFrom(entry) {
    const member = entry.member;
    const said = member !== null && typeof member === "object" ? member.name : member;
    const name = typeof said === "string" && said.trim() ? said.trim().slice(0, 40) : (entry.user ?? "Somebody");
    const hue = Number.isFinite(member?.hue) ? member.hue : hueOf(entry.id);
    return { id: entry.id, name: String(name), hue };
  }

  function personBy(id) {
    if (id === undefined) return { id, name: "Server", hue: 250 };
    return known.get(id) ?? { id, name: "Somebody", hue: hueOf(id), unknown: true };
  }

  function onMembers({ joined, left, changed }) {
    const { room, memberId: wasMe, epoch } = visit;
    visit.memberId = room.memberId;
    visit.epoch = room.epoch;
    const others = (id) => id !== wasMe && id !== room.memberId;
    const gone = left.filter((id) => known.has(id) && others(id)).map((id) => personBy(id).name);
    const come = joined.filter(({ id }) => !known.has(id) && others(id)).map((entry) => personFrom(entry).name);
    for (const entry of [...joined, ...changed]) {
      const before = known.get(entry.id);
      const now = personFrom(entry);
      known.set(entry.id, now);
      if (before && before.name !== now.name) addNote(`${before.name} is now ${now.name}`);
      messages.name(now);
      cursors.name(now);
    }
    if (room.epoch === epoch) { // else all have come anew, and it is we who came in or were away
      noteNames(gone, "left");
      noteNames(come, "came in");
    }
    for (const id of left) cursors.remove(id);
    for (const id of known.keys()) {
      if (known.size <= PEOPLE_REMEMBERED) break;
      if (!room.members?.has(id)) known.delete(id);
    }
    drawMembers(room);
  }

  function noteNames(names, what) {
    if (names.length > 3) addNote(`${people(names.length)} ${what}`);
    else for (const name of names) addNote(`${name} ${what}`);
  }

  function drawMembers(room) {
    $("count").textContent = room.count.toLocaleString();
    $("count").ariaLabel = people(room.count);
    const entries = [...(room.members?.values() ?? [])].sort((a, b) => (b.id === room.memberId) - (a.id === room.memberId));
    if (entries.length === 0) { // too many to name: me and their number
      entries.push({ id: room.memberId });
      known.set(room.memberId, { id: room.memberId, name: visit.name, hue: visit.hue });
    }
    const rows = entries.slice(0, MEMBERS_SHOWN).map((entry) => memberRow(entry.id, entry.id === room.memberId));
    const renaming = document.activeElement?.dataset?.action === "rename";
    $("members").replaceChildren(...rows);
    if (renaming) $("members").querySelector("[data-action=rename]")?.focus();
    const hidden = room.count - rows.length;
    $("more-members").hidden = hidden <= 0;
    $("more-members").textContent = `and ${people(hidden)} more`;
  }

  function memberRow(id, isMe) {
    const person = personBy(id);
    const row = element("li", isMe ? "member me" : "member");
    const name = element("span", "member-name", person.name);
    name.title = person.name;
    row.append(avatar(person), name);
    if (isMe) {
      const button = element("button", "rename-button", "you");
      Object.assign(button, { type: "button", title: "Change your name" });
      button.ariaLabel = "You. Change your name";
      button.dataset.action = "rename";
      row.append(button);
    }
    return row;
  }

  function openRename() {
    $("rename").hidden = false;
    $("new-name").value = visit.name;
    $("new-name").focus();
    $("new-name").select();
  }

  function closeRename() {
    $("rename").hidden = true;
    $("members").querySelector("[data-action=rename]")?.focus();
  }

  async function submitRename(event) {
    event.preventDefault();
    const name = $("new-name").value.trim();
    const mine = visit;
    closeRename();
    if (name === "" || name === mine.name) return;
    try {
      await mine.room.setMember({ name, hue: mine.hue });
      mine.name = name;
      remember("name", name);
      if (visit === mine) drawMembers(mine.room);
    } catch (error) {
      if (visit === mine) toast(inWords(error));
    }
  }

  // ---- Messages -----------------------------------------------------------------------------

  function onMessage(message) {
    if (slowLine.takes(message)) return;
    switch (message.event) {
      case "cursor": cursors.move(message.from, message.data); break;
      case "ripple": cursors.ripple(message.from, message.data); break;
      case "typing": typing.show(message.from); break;
      default: messages.add(message);
    }
    if (message.offset !== undefined && message.offset === visit.cameInAt) noteArrival();
  }

  /** All before this is history. */
  function noteArrival() {
    visit.cameInAt = undefined;
    addNote("You came in here");
    unread.reset();
  }

  function addNote(text, kind) {
    messages.append(noteRow(text, kind));
    messages.last = undefined;
  }

  function noteRow(text, kind) {
    return element("p", kind === undefined ? "note" : `note ${kind}`, text);
  }

  const messages = {
    last: undefined,
    /** What stood last when the connection broke: what is missed comes behind it. */
    brokeBehind: undefined,
    /** Whether the newest message is in sight; then it stays so, whatever comes or changes its size. */
    atEnd: true,

    reset() {
      this.last = this.brokeBehind = undefined;
      this.atEnd = true;
      $("log").replaceChildren($("empty"));
      $("empty").hidden = false;
      $("to-end").hidden = true;
    },

    add(message) {
      const { from, at, mine } = message;
      const author = authorOf(message);
      typing.hide(from);
      const continues = this.last?.from === from && at - this.last.at < SAME_BREATH_MS && message.to === undefined;
      this.last = { from, at };
      $("empty").hidden = true;
      const row = element("article", `message${mine ? " mine" : ""}${continues ? " continued" : ""}`);
      this.paint(row, author);
      row.dataset.from = from ?? "";
      const head = element("header", "message-head");
      head.append(element("span", "author", mine ? "You" : author.name), " ");
      const time = element("time", "", clock.format(at));
      time.dateTime = new Date(at).toISOString();
      head.append(time);
      if (message.to !== undefined) head.append(element("span", "tag", "only you"));
      const text = textOf(message);
      const bubble = element("p", "bubble", text);
      if (/^(?:\p{Extended_Pictographic}[\p{Emoji_Modifier}\u200d\ufe0f]*){1,6}$/u.test(text)) bubble.classList.add("jumbo");
      row.append(avatar(author), head, bubble);
      this.append(row, mine);
      if (!mine) unread.add();
    },

    append(row, scrollToo = false) {
      const log = $("log");
      const atEnd = this.atEnd;
      log.append(row);
      while (log.childElementCount > MESSAGES_SHOWN) $("empty").nextElementSibling.remove();
      if (atEnd || scrollToo) this.toEnd();
      else if (row.matches(".message")) $("to-end").hidden = false;
    },

    breakHere() {
      this.brokeBehind = $("log").lastElementChild;
      this.last = undefined; // who speaks next is named again
    },

    /** How we came back, in front of what was missed, which is there by now. */
    noteReturn(text, kind) {
      const { brokeBehind, atEnd } = this;
      this.brokeBehind = undefined;
      if (!brokeBehind?.isConnected || brokeBehind === $("log").lastElementChild) {
        addNote(text, kind);
        return;
      }
      brokeBehind.after(noteRow(text, kind));
      if (atEnd) this.toEnd();
    },

    toEnd() {
      this.atEnd = true;
      $("log").scrollTop = $("log").scrollHeight;
      $("to-end").hidden = true;
    },

    paint(row, person) {
      tint(row, person.hue);
      row.classList.toggle("unknown", person.unknown === true);
    },

    /** The news of an author who spoke before we knew the name. */
    name(person) {
      for (const row of $("log").querySelectorAll(".unknown")) {
        if (row.dataset.from !== person.id) continue;
        this.paint(row, person);
        row.querySelector(".avatar").replaceWith(avatar(person));
        row.querySelector(".author").textContent = person.name;
      }
    },
  };

  /** Whoever wrote it: one of the room, or as the message says, if its author has left since. */
  function authorOf({ from, data }) {
    const person = personBy(from);
    if (person.unknown !== true || typeof data?.name !== "string" || data.name.trim() === "") return person;
    const hue = Number.isFinite(data.hue) ? data.hue : person.hue;
    return { ...person, name: data.name.trim().slice(0, 40), hue };
  }

  function textOf({ data, event }) {
    const inner = data !== null && typeof data === "object" && typeof data.text === "string" ? data.text : data;
    const text = typeof inner === "string" ? inner : JSON.stringify(inner);
    return event === undefined || event === "chat" ? text : `${event}: ${text}`;
  }

  async function submitMessage(event) {
    event.preventDefault();
    const text = $("say").value.trim();
    if (text === "") return;
    $("say").value = "";
    typing.sent();
    const { room, name, hue } = visit;
    const shown = pending.add(text);
    try {
      await room.publish({ text, name, hue });
      shown.remove();
    } catch (error) {
      shown.remove();
      if (visit?.room !== room) return;
      if ($("say").value === "") $("say").value = text;
      toast(inWords(error));
    }
  }

  /** What was said and is not confirmed yet. It stands below the log, and goes when it is there or refused. */
  const pending = {
    add(text) {
      const row = element("p", "pending");
      row.append(element("span", "pending-text", text), element("span", "pending-state", "waiting to be sent"));
      const timer = setTimeout(() => {
        $("pending").append(row);
        messages.atEnd && messages.toEnd();
      }, visit.room.status === "joined" ? PENDING_AFTER_MS : 0);
      return {
        remove() {
          clearTimeout(timer);
          row.remove();
        },
      };
    },

    reset() {
      $("pending").replaceChildren();
    },
  };

  // ---- Typing -------------------------------------------------------------------------------

  const typing = {
    saidAt: 0,
    timers: new Map(),

    say() {
      const now = Date.now();
      if (now - this.saidAt < TYPING_EVERY_MS || visit.room.count < 2) return;
      this.saidAt = now;
      visit.room.publish(null, { event: "typing", ...PASSING });
    },

    sent() {
      this.saidAt = 0;
    },

    show(id) {
      if (!this.timers.has(id) && this.timers.size >= MEMBERS_SHOWN) return;
      clearTimeout(this.timers.get(id));
      this.timers.set(id, setTimeout(() => this.hide(id), TYPING_FOR_MS));
      this.draw();
    },

    hide(id) {
      clearTimeout(this.timers.get(id));
      if (this.timers.delete(id)) this.draw();
    },

    draw() {
      const names = [...this.timers.keys()].map((id) => personBy(id).name);
      if (names.length === 0) $("typing").textContent = "";
      else if (names.length > 2) $("typing").textContent = "Several people are typing…";
      else $("typing").textContent = `${names.join(" and ")} ${names.length === 1 ? "is" : "are"} typing…`;
    },
  };

  // ---- Cursors: of the moment only, never kept, and not back to ourselves -------------------

  const cursors = {
    shown: new Map(),
    sentAt: 0,
    quietUntil: 0,
    pending: undefined,
    timer: undefined,

    reset() {
      for (const id of [...this.shown.keys()]) this.remove(id);
      clearTimeout(this.timer);
      this.timer = undefined;
    },

    hush(ms) {
      this.quietUntil = Date.now() + ms;
    },

    /** Where the pointer is as a share of the stage, or of the board, so that it fits everybody's window. */
    at(event) {
      const box = event.currentTarget.getBoundingClientRect();
      const share = (value, size) => Math.round(Math.min(1, Math.max(0, value / size)) * 10_000) / 10_000;
      const place = { x: share(event.clientX - box.left, box.width), y: share(event.clientY - box.top, box.height) };
      return event.currentTarget.id === "notes-stage" ? { ...place, on: "board" } : place;
    },

    /** Of the two, the one it is over. */
    layerOf(place) {
      return place.on === "board" ? $("board-cursors") : $("cursors");
    },

    /** The newest place goes out at once or when its turn has come; those in between are skipped. */
    send(place) {
      this.pending = place;
      if (this.timer !== undefined) return;
      const wait = Math.max(0, this.sentAt + CURSOR_EVERY_MS - Date.now());
      this.timer = setTimeout(() => {
        this.timer = undefined;
        this.sentAt = Date.now();
        this.tell("cursor", this.pending);
      }, wait);
    },

    tell(event, data) {
      if (visit?.room === undefined || visit.room.count < 2 || Date.now() < this.quietUntil) return;
      visit.room.publish(data, { event, ...PASSING });
    },

    move(id, place) {
      if (!isPlace(place)) {
        this.remove(id);
        return;
      }
      const cursor = this.shown.get(id) ?? this.add(id);
      if (cursor === undefined) return;
      const layer = this.layerOf(place);
      if (cursor.mark.parentElement !== layer) layer.append(cursor.mark);
      setPlace(cursor.mark, place).classList.toggle("flip", place.x > 0.8);
      cursor.mark.classList.remove("idle");
      clearTimeout(cursor.timer);
      cursor.timer = setTimeout(() => {
        cursor.mark.classList.add("idle");
        cursor.timer = setTimeout(() => this.remove(id), 30_000);
      }, CURSOR_IDLE_MS);
    },

    add(id) {
      if (this.shown.size >= CURSORS_SHOWN) return undefined;
      const person = personBy(id);
      const mark = tint(element("div", "cursor"), person.hue);
      mark.append(arrow(), element("span", "", person.name));
      $("cursors").append(mark);
      const cursor = { mark, timer: undefined };
      this.shown.set(id, cursor);
      return cursor;
    },

    name(person) {
      const mark = this.shown.get(person.id)?.mark;
      if (mark === undefined) return;
      tint(mark, person.hue).lastElementChild.textContent = person.name;
    },

    remove(id) {
      const cursor = this.shown.get(id);
      if (cursor === undefined) return;
      clearTimeout(cursor.timer);
      cursor.mark.remove();
      this.shown.delete(id);
    },

    ripple(id, place) {
      if (!isPlace(place) || $("cursors").childElementCount > 2 * CURSORS_SHOWN) return;
      const ring = setPlace(tint(element("div", "ripple"), personBy(id).hue), place);
      this.layerOf(place).append(ring);
      setTimeout(() => ring.remove(), 700);
    },
  };

  function isPlace(place) {
    const inside = (value) => typeof value === "number" && value >= 0 && value <= 1;
    return place !== null && typeof place === "object" && inside(place.x) && inside(place.y);
  }

  function setPlace(mark, { x, y }) {
    mark.style.setProperty("--x", x);
    mark.style.setProperty("--y", y);
    return mark;
  }

  function arrow() {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 20 20");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", "M2.5 2 17 9.2l-6.4 1.6L8 17z");
    svg.append(path);
    return svg;
  }

  // ---- Frames -------------------------------------------------------------------------------

  const frames = {
    calm: [],
    passing: [],
    fresh: [],
    number: 0,
    paused: false,
    drawing: false,

    record: ({ direction, text }) => {
      const passing = isPassing(text);
      const shown = text.slice(0, FRAME_CHARS_SHOWN);
      const entry = { number: ++frames.number, direction, text: shown, length: text.length, at: Date.now(), passing };
      const kept = passing ? frames.passing : frames.calm;
      kept.push(entry);
      if (kept.length > FRAMES_KEPT) kept.shift();
      if ($("frames").hidden || (passing && !$("show-cursors").checked)) return;
      if (!frames.paused) frames.fresh.push(entry);
      if (!frames.drawing) {
        frames.drawing = true;
        requestAnimationFrame(() => frames.drawFresh());
      }
    },

    clear() {
      this.calm = [];
      this.passing = [];
      this.number = 0;
      this.redraw();
    },

    redraw() {
      this.fresh = [...this.calm, ...($("show-cursors").checked ? this.passing : [])];
      this.fresh.sort((a, b) => a.number - b.number);
      $("frame-list").replaceChildren();
      this.drawFresh(true);
    },

    drawFresh(toEnd = false) {
      this.drawing = false;
      const list = $("frame-list");
      const atEnd = toEnd || list.scrollHeight - list.scrollTop - list.clientHeight < 40;
      list.append(...this.fresh.slice(-FRAMES_KEPT).map(frameRow));
      this.fresh = [];
      while (list.childElementCount > FRAMES_KEPT) list.firstElementChild.remove();
      if (atEnd) list.scrollTop = list.scrollHeight;
      $("frames-count").textContent = `${this.number.toLocaleString()} so far${this.paused ? ", paused" : ""}`;
    },

    open(open) {
      $("frames").hidden = !open;
      $("studio").classList.toggle("with-frames", open);
      $("frames-button").ariaExpanded = String(open);
      remember("frames", open ? "open" : null);
      if (open) this.redraw();
    },

    close() {
      this.open(false);
      $("frames-button").focus();
    },

    pause() {
      this.paused = !this.paused;
      $("pause").ariaPressed = String(this.paused);
      $("pause").textContent = this.paused ? "Resume" : "Pause";
      if (this.paused) this.drawFresh();
      else this.redraw();
    },
  };

  /** Cursors, ripples, typing and padding, and the server's word that it passed one of ours on. */
  function isPassing(text) {
    if (/"event":"(cursor|ripple|typing|padding)"/.test(text)) return true;
    return text.startsWith('{"type":"published"') && !text.includes('"offset":') && !text.includes('"id":');
  }

  function frameRow({ direction, text, length, at }) {
    const row = element("li", `frame ${direction}`);
    const head = element("p", "frame-head");
    head.append(
      element("span", "frame-way", direction === "out" ? "↑ sent" : "↓ received"),
      element("b", "", /"type":"([^"]*)"/.exec(text)?.[1] ?? "?"),
      element("time", "", stopwatch.format(at)));
    const merged = /^\{"type":"state",.*?"version":(\d+),"since":(\d+)/.exec(text);
    if (merged !== null && merged[1] - merged[2] > 1) {
      head.lastElementChild.before(element("span", "frame-merged", `${merged[1] - merged[2]} changes in 1`));
    }
    row.append(head, coloured(text, length));
    return row;
  }

  /** The text exactly as it went over the wire, in colours. */
  function coloured(shown, length) {
    const code = element("code");
    let done = 0;
    for (const token of shown.matchAll(/("(?:\\.|[^"\\])*")(\s*:)?|-?\d[\d.eE+-]*|true|false|null|,/g)) {
      code.append(shown.slice(done, token.index));
      const kind = token[2] !== undefined ? "k" : token[1] !== undefined ? "s" : "n";
      if (token[0] === ",") code.append(",", element("wbr"));
      else code.append(element("span", kind, token[1] ?? token[0]), token[2] ?? "");
      done = token.index + token[0].length;
    }
    code.append(shown.slice(done));
    if (length > shown.length) code.append(element("em", "", ` … ${length - shown.length} more characters`));
    return code;
  }

  // ---- Wiring -------------------------------------------------------------------------------

  async function share() {
    try {
      await navigator.clipboard.writeText(addressOf(visit.room.id));
      toast("Link copied. Send it to somebody.");
    } catch {
      toast(`The link is ${addressOf(visit.room.id)}`);
    }
  }

  const ACTIONS = {
    theme: switchTheme,
    share,
    leave: () => leaveFor(),
    again: () => goTo(visit.room.id),
    cut: switchCut,
    slow: switchSlow,
    chat: () => showView("chat"),
    board: () => showView("board"),
    "note-new": () => board.create(),
    "note-edit": () => board.edit(),
    "note-colour": () => board.recolour(),
    "note-delete": () => board.delete(),
    "keep-mine": () => board.resolve(true),
    "keep-theirs": () => board.resolve(false),
    rename: openRename,
    frames: () => frames.open($("frames").hidden),
    "frames-close": () => frames.close(),
    pause: () => frames.pause(),
    clear: () => frames.clear(),
    "to-end": () => messages.toEnd(),
  };

  function onKey(event) {
    if (event.key === "Escape" && !event.isComposing) {
      if (!$("rename").hidden) closeRename();
      else if (!$("frames").hidden) frames.close();
    }
  }

  function wireStudio() {
    $("composer").addEventListener("submit", submitMessage);
    $("rename").addEventListener("submit", submitRename);
    $("show-cursors").addEventListener("change", () => frames.redraw());
    $("say").addEventListener("input", () => typing.say());
    $("say").addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      $("composer").requestSubmit();
    });
    $("log").addEventListener("scroll", () => {
      const log = $("log");
      messages.atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
      if (messages.atEnd) $("to-end").hidden = true;
    }, { passive: true });
    new ResizeObserver(() => messages.atEnd && messages.toEnd()).observe($("log"));
    // A toast stands above what is being written, which may be what it speaks of.
    new ResizeObserver(() => $("toasts").style.setProperty("--composer-height", `${$("composer").offsetHeight}px`))
      .observe($("composer"));
    for (const stage of [$("stage"), $("notes-stage")]) {
      stage.addEventListener("pointermove", (event) => cursors.send(cursors.at(event)), { passive: true });
      stage.addEventListener("pointerleave", () => cursors.send(null), { passive: true });
    }
    $("stage").addEventListener("pointerdown", (event) => {
      cursors.tell("ripple", cursors.at(event));
      cursors.ripple(visit.room.memberId, cursors.at(event));
    }, { passive: true });
    board.wire();
  }

  function start() {
    buildSwatches();
    labelTheme();
    systemDark.addEventListener("change", labelTheme);
    $("name").value = recall("name") ?? suggestName();
    $("room").value = roomInAddress() || (recall("room") ?? "lobby");
    $("room").addEventListener("input", showSnippet);
    $("enter").addEventListener("submit", submitDoor);
    document.addEventListener("keydown", onKey);
    document.addEventListener("click", (event) => {
      const action = event.target.closest("[data-action]")?.dataset.action;
      if (action !== undefined) ACTIONS[action]();
    });
    wireStudio();
    showSnippet();
    frames.open(recall("frames") === "open");
    addEventListener("hashchange", () => {
      const room = roomInAddress();
      if (visit?.room === undefined || room === "" || room === visit.room.id) return;
      goTo(room);
    });
    showDoor();
    // A reload comes straight back in; a link opened in a new tab asks who you are first.
    if (recall("inside", sessionStorage) !== null) $("enter").requestSubmit();
  }

  document.addEventListener("DOMContentLoaded", start);
})();
