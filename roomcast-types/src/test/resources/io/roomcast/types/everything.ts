// What may be said in the rooms "all:*". Made by `./roomcast types`: change the room type, not this file.

/** Data of messages by event; those without one are under "message". */
export interface AllEvents {
  numbers: Numbers;
  plain: Plain;
  gaps: Gaps;
  many: Many;
  tree: Tree;
  figure: Figure;
  circle: Circle;
  range: Range;
  empty: Empty;
  color: Color;
  /** A whole number from -2147483648 to 2147483647. */
  message: number;
  [event: `x.${string}`]: unknown;
}

/** Values of the state by key. */
export interface AllState {
  title: string;
  /** A whole number from -2^53 to 2^53. */
  score: number;
  /** A whole number from -2147483648 to 2147483647. */
  lives: number;
  "n:first": Empty;
  __proto__: string;
  [key: `n:${string}:b`]: number;
  [key: `n:${string}`]: boolean | Empty | number;
  [key: `(?${string}`]: Color;
}

/** What members tell about themselves; a join without it is refused. */
export type AllMember = Circle;

export interface Circle {
  radius: number;
}

export type Color = "RED" | "GREEN";

export type Empty = Record<string, never>;

export type Figure = FigureCircle | FigureSquare | FigureHull;

export interface FigureCircle {
  type: "circle";
  radius: number;
}

export interface FigureHull {
  type: "hull";
  of: Figure[];
}

export interface FigureSquare {
  type: "square";
  side: number;
  inside?: Figure | null;
}

export interface Gaps {
  optional?: string | null;
  nullable?: Color | null;
  numbers?: Numbers | null;
  any?: unknown;
}

export interface Many {
  /** Items: a whole number from -2147483648 to 2147483647. */
  list: number[];
  /** No two items are equal. */
  set: string[];
  map: Record<string, Color>;
  holes: (string | null)[];
}

export interface Numbers {
  /** A whole number from -128 to 127. */
  b: number;
  /** A whole number from -32768 to 32767. */
  s: number;
  /** A whole number from -2147483648 to 2147483647. */
  i: number;
  /** A whole number from -2^53 to 2^53. */
  l: number;
  f: number;
  d: number;
}

export interface Plain {
  text: string;
  flag: boolean;
  box: boolean;
  color: Color;
  any: unknown;
}

export interface Range {
  /** A whole number from -2147483648 to 2147483647. */
  from: number;
  /** A whole number from -2147483648 to 2147483647. */
  to: number;
}

export interface Tree {
  name: string;
  children: Tree[];
  next?: Tree | null;
}
