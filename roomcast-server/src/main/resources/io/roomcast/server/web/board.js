/*
 * The board: notes that everybody in the room has alike. Each is one key of the room's state, "note:<id>",
 * with its text, its place as a share of the free room, and its colour. What is shown is the state; only a note
 * in our own hand stands where the hand is until the server has answered.
 *
 * Whoever changes a note says which version it is made from (`if`), so that a text is never written over by
 * somebody who has not seen it. Where only another part has changed, the two are put together and sent again.
 */
(() => {
  "use strict";

  const PREFIX = "note:";
  const NOTES_SHOWN = 1_000;
  const TEXT_MOST = 500;
  const MOVE_EVERY_MS = 50;
  const TRIES_MOST = 20;
  /** As long as what is said, a change waits for a connection. */
  const WAITS_FOR_MS = 60_000;
  const STEP = 0.02;
  const LONG_STEP = 0.1;
  const WHO_FOR_MS = 1_500;
  /** Less is a click. */
  const MOVES_FROM_PX = 4;
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  const $ = (id) => document.getElementById(id);
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const share = (value) => Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000;

  /** Whatever stands there, as a note. Others may write what they like. */
  function noteFrom(value) {
    const it = value !== null && typeof value === "object" ? value : { text: value };
    const number = (given, otherwise) => (Number.isFinite(given) ? given : otherwise);
    return {
      text: typeof it.text === "string" ? it.text.slice(0, TEXT_MOST) : "",
      x: share(number(it.x, 0.5)),
      y: share(number(it.y, 0.5)),
      hue: number(it.hue, 105),
    };
  }

  /** Somebody was there before us: the note is gone, or has another text. */
  class Overtaken extends Error {
    constructor(code, theirs) {
      super(code);
      this.code = code;
      this.theirs = theirs;
    }
  }

  class Board {
    #host;
    #room;
    #notes = new Map();
    #dirty = new Set();
    #drawing = false;
    #selected;
    /** The note whose text we are changing: {note, before, area}. */
    #editing;
    #conflict;
    /** Who changed which note last, for the words about a conflict: {key, from}. */
    #lastBy;

    /** `host`: {toast, inWords, personBy, me, hues, hueNames, element} of the page. */
    constructor(host) {
      this.#host = host;
    }

    /** Shows the room's notes from here on. */
    open(room) {
      this.close();
      this.#room = room;
      room.on("state", (change) => this.#room === room && this.#take(change));
      for (const [key] of room.state) if (key.startsWith(PREFIX)) this.#dirty.add(key);
      this.draw();
    }

    close() {
      this.#room = undefined;
      this.#editing = undefined;
      this.#select(undefined);
      this.#closeConflict();
      this.#dirty.clear();
      for (const note of this.#notes.values()) note.card.remove();
      this.#notes.clear();
      this.#showCount();
    }

    // ---- What others see ----------------------------------------------------------------------

    #take({ changes, from }) {
      const byOther = from !== this.#room.memberId ? from : undefined;
      for (const { key } of changes) {
        if (!key.startsWith(PREFIX)) continue;
        this.#dirty.add(key);
        const note = this.#notes.get(key);
        if (note !== undefined) note.by = byOther;
        if (byOther !== undefined) this.#lastBy = { key, from };
      }
      if (this.#drawing || this.#dirty.size === 0) return;
      this.#drawing = true;
      requestAnimationFrame(() => this.draw());
    }

    /** Brings what is shown to what is: only notes that have changed. */
    draw() {
      this.#drawing = false;
      for (const key of this.#dirty) {
        if (this.#room.state.has(key)) this.#draw(key);
        else this.#remove(key);
      }
      this.#dirty.clear();
      this.#showCount();
    }

    #draw(key) {
      let note = this.#notes.get(key);
      if (note === undefined) {
        if (this.#notes.size >= NOTES_SHOWN) return;
        note = this.#add(key);
      }
      const shown = noteFrom(this.#room.state.get(key));
      const text = note.written ?? shown.text;
      if (note.text.textContent !== text) note.text.textContent = text;
      note.card.classList.toggle("blank", text.trim() === "");
      note.card.ariaLabel = text.trim() || "Empty note";
      note.card.style.setProperty("--hue", shown.hue);
      this.#place(note, note.held ?? shown);
      if (note.by !== undefined) this.#showWho(note);
      if (this.#selected === note) this.#showTools();
    }

    #place(note, { x, y }) {
      note.card.style.setProperty("--x", x);
      note.card.style.setProperty("--y", y);
    }

    #add(key) {
      const { element } = this.#host;
      const card = element("article", "sticky");
      card.tabIndex = 0;
      card.dataset.key = key;
      card.setAttribute("role", "group");
      card.setAttribute("aria-roledescription", "note");
      card.setAttribute("aria-describedby", "board-help");
      const text = element("p", "sticky-text");
      card.append(text);
      $("notes").append(card);
      const note = {
        key, card, text, held: undefined, written: undefined, sentAt: 0, isSending: false, inHand: false, waits: 0, by: undefined,
      };
      this.#notes.set(key, note);
      return note;
    }

    #remove(key) {
      const note = this.#notes.get(key);
      if (note === undefined) return;
      if (this.#editing?.note === note) this.#editWasDeleted();
      const next = note.card.nextElementSibling ?? note.card.previousElementSibling;
      const hadFocus = note.card.contains(document.activeElement);
      note.card.remove();
      this.#notes.delete(key);
      if (this.#selected === note) this.#select(undefined);
      if (hadFocus && $("board-conflict").hidden) (next ?? $("new-note")).focus();
    }

    /** Whose hand is on it. */
    #showWho(note) {
      const person = this.#host.personBy(note.by);
      note.by = undefined;
      note.who ??= note.card.appendChild(this.#host.element("span", "sticky-who"));
      note.who.ariaHidden = "true";
      note.who.textContent = person.name;
      note.who.style.setProperty("--hue", person.hue);
      note.card.classList.add("moved");
      clearTimeout(note.whoTimer);
      note.whoTimer = setTimeout(() => {
        note.who.remove();
        note.who = undefined;
        note.card.classList.remove("moved");
      }, WHO_FOR_MS);
    }

    #showCount() {
      const count = this.#notes.size;
      $("board-empty").hidden = count > 0;
      $("board-count").textContent = count === 1 ? "1 note" : `${count.toLocaleString()} notes`;
      $("board-count").hidden = count === 0;
    }

    // ---- Changing -----------------------------------------------------------------------------

    /** Changes the state, when there is a connection; until it has happened the note, if there is one, shows that it waits. */
    async #update(key, update, versions) {
      const note = this.#notes.get(key);
      if (note !== undefined && note.waits++ === 0) note.card.ariaBusy = "true";
      try {
        return await this.#room.update(update, { if: versions, timeoutMs: WAITS_FOR_MS });
      } finally {
        if (note !== undefined && --note.waits === 0) note.card.ariaBusy = null;
      }
    }

    /**
     * Writes some parts of a note over what it is, made from the version that we know or, where that has moved
     * on, from the one that the server names. A text is only written over the one that it was made from. What broke
     * off on its way is sent again as it was: if it had arrived, the version says so.
     */
    async #write(key, parts, before) {
      const room = this.#room;
      let [value, version] = [room.state.get(key), room.state.versionOf(key)];
      for (let tries = 1; ; tries++) {
        if (version === 0) throw new Overtaken("gone");
        const { text } = noteFrom(value);
        if (parts.text !== undefined && text === parts.text) return;
        if (parts.text !== undefined && text !== before) throw new Overtaken("conflict", text);
        try {
          await this.#update(key, { set: { [key]: { ...noteFrom(value), ...parts } } }, { [key]: version });
          return;
        } catch (error) {
          const current = error.current?.[key];
          const mayBeRepeated = current !== undefined || error.code === "unconfirmed";
          if (!mayBeRepeated || tries === TRIES_MOST || this.#room !== room) throw error;
          if (current !== undefined) ({ value, version } = current);
        }
      }
    }

    /** A new note, in sight and ready to be written on. */
    async create(place) {
      const room = this.#room;
      const key = `${PREFIX}${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
      const { x, y } = place ?? this.#nextPlace();
      if (room.status !== "joined") this.#host.toast("There is no connection just now. The note comes when it is back.");
      try {
        await this.#update(key, { set: { [key]: { text: "", x, y, hue: this.#host.me().hue } } }, { [key]: 0 });
        if (this.#room !== room) return;
        this.draw();
        const note = this.#notes.get(key);
        if (note !== undefined) this.edit(note);
      } catch (error) {
        this.#fail(error, room);
      }
    }

    /** Beside the last one, as on a pinboard that fills up row by row. */
    #nextPlace() {
      const at = this.#notes.size;
      const turn = 0.05 * (Math.floor(at / 12) % 4);
      return { x: share(0.04 + 0.32 * (at % 3) + turn), y: share(0.06 + 0.24 * (Math.floor(at / 3) % 4) + turn) };
    }

    async delete(note = this.#selected) {
      if (note === undefined) return;
      const room = this.#room;
      try {
        await this.#update(note.key, { delete: [note.key] });
        this.say("Note deleted.");
      } catch (error) {
        this.#fail(error, room);
      }
    }

    /** The next colour of those there are. */
    async recolour(note = this.#selected) {
      if (note === undefined) return;
      const room = this.#room;
      const { hues } = this.#host;
      const { hue } = noteFrom(room.state.get(note.key));
      try {
        await this.#write(note.key, { hue: hues[(hues.indexOf(hue) + 1) % hues.length] });
      } catch (error) {
        this.#fail(error, room);
      }
    }

    /** In our hand: shown at once, sent as often as the server answers, at most every 50 ms. */
    #move(note, place) {
      note.held = { x: share(place.x), y: share(place.y) };
      this.#place(note, note.held);
      if (!note.isSending) this.#sendMoves(note);
    }

    async #sendMoves(note) {
      const room = this.#room;
      note.isSending = true;
      if (note.waits++ === 0) note.card.ariaBusy = "true";
      try {
        for (let sent; note.held !== undefined && sent !== note.held; ) {
          await wait(note.sentAt + MOVE_EVERY_MS - performance.now());
          note.sentAt = performance.now();
          sent = note.held;
          await this.#write(note.key, sent);
        }
      } catch (error) {
        this.#fail(error, room);
        note.inHand = false;
        note.card.classList.remove("held");
      }
      note.isSending = false;
      if (--note.waits === 0) note.card.ariaBusy = null;
      if (this.#room !== room) return;
      if (!note.inHand) this.#letGo(note);
    }

    /** Back to what the state says, which is our own last place unless somebody came after us. */
    #letGo(note) {
      note.held = undefined;
      if (this.#room.state.has(note.key)) this.#draw(note.key);
    }

    /** What has gone wrong in a room, to those who are still in it. */
    #fail(error, room) {
      if (this.#room === room) this.#host.toast(inWords(error) ?? this.#host.inWords(error));
    }

    // ---- Text ---------------------------------------------------------------------------------

    edit(note = this.#selected) {
      if (note === undefined || this.#editing?.note === note) return;
      this.#closeConflict();
      const before = noteFrom(this.#room.state.get(note.key)).text;
      const area = this.#host.element("textarea", "sticky-edit");
      Object.assign(area, { value: before, maxLength: TEXT_MOST, enterKeyHint: "done" });
      area.ariaLabel = "Text of the note. Enter saves, Escape leaves it as it was";
      note.card.append(area);
      note.card.classList.add("editing");
      this.#editing = { note, before, area };
      this.#select(note);
      area.addEventListener("keydown", (event) => this.#onEditKey(event));
      area.addEventListener("blur", () => this.#endEdit(true));
      area.focus();
      area.select();
    }

    #onEditKey(event) {
      event.stopPropagation();
      if (event.isComposing || !(event.key === "Escape" || (event.key === "Enter" && !event.shiftKey))) return;
      event.preventDefault();
      const { note } = this.#editing;
      this.#endEdit(event.key === "Enter");
      if ($("board-conflict").hidden) note.card.focus();
    }

    #endEdit(saves) {
      if (this.#editing === undefined) return;
      const { note, before, area } = this.#editing;
      this.#editing = undefined;
      note.card.classList.remove("editing");
      area.remove();
      const text = area.value.trim();
      if (saves && text !== before) this.#save(note.key, text, before);
    }

    /** Shown at once; the server's answer says whether it stays. */
    async #save(key, text, before) {
      const room = this.#room;
      const note = this.#notes.get(key);
      this.#showWritten(note, text);
      try {
        await this.#write(key, { text }, before);
      } catch (error) {
        if (this.#room !== room) return;
        if (error.code === "gone") this.#askWhich(key, text, undefined);
        else if (error.theirs !== undefined) this.#askWhich(key, text, error.theirs);
        else this.#fail(error, room);
      } finally {
        if (this.#room === room && note?.written === text) this.#showWritten(note, undefined);
      }
    }

    #showWritten(note, text) {
      if (note === undefined) return;
      note.written = text;
      if (this.#room.state.has(note.key)) this.#draw(note.key);
    }

    #editWasDeleted() {
      const { note, area, before } = this.#editing;
      this.#editing = undefined;
      if (area.value.trim() !== before) this.#askWhich(note.key, area.value.trim(), undefined);
      else this.#host.toast("Somebody deleted this note.");
    }

    /** Two have changed one text: ours is shown beside theirs, and nothing is written before we say which. */
    #askWhich(key, mine, theirs) {
      this.#conflict = { key, mine, theirs };
      const name = this.#lastBy?.key === key ? this.#host.personBy(this.#lastBy.from).name : "Somebody";
      const wasDeleted = theirs === undefined;
      $("conflict-title").textContent = wasDeleted
        ? `${name} deleted this note while you wrote.`
        : `${name} changed this note while you wrote.`;
      $("conflict-theirs").hidden = wasDeleted;
      $("conflict-theirs").textContent = wasDeleted ? "" : `Now: ${theirs || "(empty)"}`;
      $("conflict-mine").textContent = `Yours: ${mine || "(empty)"}`;
      $("keep-mine").textContent = wasDeleted ? "Put it back" : "Use mine";
      $("keep-theirs").textContent = wasDeleted ? "Let it go" : "Keep theirs";
      $("board-conflict").hidden = false;
      $("keep-mine").focus();
    }

    async resolve(withMine) {
      const { key, mine, theirs } = this.#conflict;
      this.#closeConflict();
      (this.#notes.get(key)?.card ?? $("new-note")).focus();
      if (!withMine) return;
      if (theirs !== undefined) {
        await this.#save(key, mine, theirs);
        return;
      }
      const room = this.#room;
      try {
        const value = { text: mine, x: 0.5, y: 0.4, hue: this.#host.me().hue };
        await this.#update(key, { set: { [key]: value } }, { [key]: 0 });
      } catch (error) {
        this.#fail(error, room);
      }
    }

    #closeConflict() {
      this.#conflict = undefined;
      $("board-conflict").hidden = true;
    }

    // ---- Hands and keys -----------------------------------------------------------------------

    wire() {
      const notes = $("notes");
      notes.addEventListener("pointerdown", (event) => this.#grab(event));
      notes.addEventListener("focusin", (event) => this.#select(this.#noteOf(event.target)));
      notes.addEventListener("keydown", (event) => this.#onKey(event));
      notes.addEventListener("dblclick", (event) => {
        const note = this.#noteOf(event.target);
        if (note !== undefined) this.edit(note);
        else this.create(this.#placeOf(event.clientX, event.clientY, 0.5, 0.3));
      });
    }

    #noteOf(target) {
      return this.#notes.get(target.closest(".sticky")?.dataset.key);
    }

    /** A place in the window as a share of where notes can be, held at this share of the note itself. */
    #placeOf(clientX, clientY, atX, atY, card) {
      const box = $("notes").getBoundingClientRect();
      const width = card?.offsetWidth ?? 152;
      const height = card?.offsetHeight ?? 104;
      return {
        x: share((clientX - box.left - atX * width) / Math.max(1, box.width - width)),
        y: share((clientY - box.top - atY * height) / Math.max(1, box.height - height)),
      };
    }

    #grab(event) {
      const note = this.#noteOf(event.target);
      if (note === undefined || event.button !== 0 || !event.isPrimary || this.#editing?.note === note) return;
      const { card } = note;
      const box = card.getBoundingClientRect();
      const atX = (event.clientX - box.left) / box.width;
      const atY = (event.clientY - box.top) / box.height;
      card.setPointerCapture(event.pointerId);
      let began = false;
      const move = ({ clientX, clientY }) => {
        if (!began) {
          if (Math.hypot(clientX - event.clientX, clientY - event.clientY) < MOVES_FROM_PX) return;
          began = note.inHand = true;
          card.classList.add("held");
        }
        // Refused meanwhile, it has gone back, and this hand is empty.
        if (note.inHand) this.#move(note, this.#placeOf(clientX, clientY, atX, atY, card));
      };
      const drop = () => {
        card.removeEventListener("pointermove", move);
        card.removeEventListener("lostpointercapture", drop);
        card.classList.remove("held");
        note.inHand = false;
        if (!note.isSending && note.held !== undefined && this.#room !== undefined) this.#letGo(note);
      };
      card.addEventListener("pointermove", move);
      card.addEventListener("lostpointercapture", drop);
    }

    #onKey(event) {
      const note = this.#noteOf(event.target);
      if (note === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      const arrow = ARROWS[event.key];
      if (arrow !== undefined) {
        const { x, y } = note.held ?? noteFrom(this.#room.state.get(note.key));
        const step = event.shiftKey ? LONG_STEP : STEP;
        this.#move(note, { x: x + arrow[0] * step, y: y + arrow[1] * step });
        this.say(`${Math.round(note.held.x * 100)}% from the left, ${Math.round(note.held.y * 100)}% from the top.`);
      } else if (event.key === "Enter" || event.key === "F2") {
        this.edit(note);
      } else if (event.key === "Delete" || event.key === "Backspace") {
        this.delete(note);
      } else {
        return;
      }
      event.preventDefault();
    }

    #select(note) {
      if (this.#selected === note) return;
      this.#selected?.card.classList.remove("selected");
      this.#selected = note;
      note?.card.classList.add("selected");
      this.#showTools();
    }

    #showTools() {
      for (const id of ["edit-note", "colour-note", "delete-note"]) $(id).disabled = this.#selected === undefined;
      if (this.#selected === undefined) return;
      const { hues, hueNames } = this.#host;
      const at = hues.indexOf(noteFrom(this.#room.state.get(this.#selected.key)).hue);
      $("colour-note").ariaLabel = `Colour: ${hueNames[at] ?? "another one"}. Change it to ${hueNames[(at + 1) % hues.length]}`;
    }

    /** To who listens and does not look. */
    say(text) {
      $("board-said").textContent = text;
    }
  }

  /** Refusals as they are on a board; undefined for those that are the same everywhere. */
  function inWords({ code }) {
    switch (code) {
      case "too_large": return "The board has no room for that. Delete a note, or make the text shorter.";
      case "rate_limited": return "That was a bit fast for the server. Wait a moment, then go on; the note is back where all see it.";
      case "gone": return "Somebody deleted this note.";
      case "conflict": return "Others are quicker with this note. Try again when they let it go.";
      case "timeout": return "There was no connection for too long. The note is back where the others see it.";
      case "not_allowed": return "The server does not let you change this note.";
      default: return undefined;
    }
  }

  globalThis.Board = Board;
})();
