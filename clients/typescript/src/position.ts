import type { Frame } from "./frames.js";

/** Where I stand in a room's messages: what has been handed over, so that each is once. */
export class Position {
  epoch: string | undefined;
  /** Of the last kept message that I have. */
  offset = 0;

  /** What to do with a message of that offset. */
  judge(offset: unknown): "next" | "seen" | "hole" {
    if (typeof offset !== "number" || offset === this.offset + 1) return "next";
    return offset <= this.offset ? "seen" : "hole";
  }

  /** It is handed over, or known otherwise. */
  pass(offset: unknown): void {
    if (typeof offset === "number" && offset > this.offset) this.offset = offset;
  }

  /** Those of the messages of a `joined` that were not handed over before. */
  unseen(joined: Frame, messages: readonly Frame[]): readonly Frame[] {
    if (joined["epoch"] !== this.epoch) return messages;
    return messages.filter((message) => !(message["offset"] <= this.offset));
  }
}
