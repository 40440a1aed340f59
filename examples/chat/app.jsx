import { connect } from "@roomcast/client";
import { useMembers, useRoom } from "@roomcast/react";
import { useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";

const client = connect("/ws");

function Chat({ name }) {
  // Whoever closes the tab is gone from the list at once; a broken connection has 15 s to come back, and nobody sees it go.
  const { room, status, error } = useRoom(client, "chat", { member: { name }, members: true, history: 50 });
  const members = useMembers(room);
  const messages = useMessages(room);
  const [sending, setSending] = useState([]);
  const [problem, setProblem] = useState();
  const end = useRef(null);
  useEffect(() => void end.current?.scrollIntoView(), [messages, sending]);

  // Without a connection it waits and is sent later, once, however often the connection breaks in between.
  async function say(text) {
    const message = { text };
    setSending((all) => [...all, message]);
    await room.publish({ name, text }).catch((failure) => setProblem(failure.message));
    setSending((all) => all.filter((other) => other !== message));
  }

  return (
    <>
      <header>
        <h1>Chat</h1>
        <small role="status" className={status === "rejoining" ? "warn" : ""}>
          {error?.message ?? problem ?? { joined: `${members.length} here`, rejoining: "Connecting again …" }[status] ?? "Connecting …"}
        </small>
      </header>
      <ul className="chips" aria-label="Who is here">
        {members.map(({ id, member }) => <li key={id}>{member?.name}{id === room.memberId && " (you)"}</li>)}
      </ul>
      <ol className="card" aria-label="Messages" aria-live="polite">
        {messages.map(({ offset, mine, gap, data }, i) => (
          <li key={offset ?? `gap ${i}`} className={mine ? "mine" : ""}>
            {gap ? <small>Some messages are lost.</small> : <><small>{data.name}</small>{data.text}</>}
          </li>
        ))}
        {sending.map(({ text }, i) => <li key={`sending ${i}`} className="mine sending">{text}</li>)}
        <div ref={end} />
      </ol>
      <Ask label="Message" button="Send" onAnswer={say} disabled={!room} />
    </>
  );
}

/** What is said, in order and once each: the last ones when I come, and after a break what I have missed. */
function useMessages(room) {
  const [messages, setMessages] = useState([]);
  useEffect(() => {
    const add = (message) => setMessages((all) => [...all.slice(-199), message]);
    const offs = room ? [room.on("message", add), room.on("gap", () => add({ gap: true }))] : [];
    return () => offs.forEach((off) => off());
  }, [room]);
  return messages;
}

function Ask({ label, button, onAnswer, disabled }) {
  function submit(event) {
    event.preventDefault();
    const text = event.target.answer.value.trim();
    event.target.reset();
    if (text) onAnswer(text);
  }
  return (
    <form onSubmit={submit}>
      <input name="answer" aria-label={label} placeholder={label} maxLength={500} autoComplete="off" autoFocus />
      <button disabled={disabled}>{button}</button>
    </form>
  );
}

function App() {
  const [name, setName] = useState(sessionStorage.name);
  useEffect(() => void (name && (sessionStorage.name = name)), [name]);
  return name ? <Chat name={name} /> : <><h1>Chat</h1><Ask label="Your name" button="Come in" onAnswer={setName} /></>;
}

createRoot(document.getElementById("root")).render(<App />);
