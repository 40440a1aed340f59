// What may be said in the rooms "*/ \"\"\" \\ `${x}` \u000a# hostile:*". Made by `./roomcast types`: change the room type, not this file.

/** Data of messages by event; those without one are under "message". */
export interface XHostileEvents {
  "*/ alert(1) /*": Evil;
  "\"\"\"; import os; os.abort(); \"\"\"": Evil;
  "\\": Evil;
  "\\\"\"\"": Evil;
  "`${alert(1)}`": Evil;
  "'; drop": Evil;
  "</script>": Evil;
  "line\u000abreak\u000d\u000aand\u2028more\u2029end": Evil;
  "\u202eright to left\u202c": Evil;
  "\u0000nul\u0007bell": Evil;
  "😀👨\u200d👩\u200d👧": Evil;
  "# coding: latin-1": Evil;
  "{x}%s%n": Evil;
  $: Evil;
  "${": Evil;
  "*/": Evil;
  "//": Evil;
  "/*": Evil;
  "\"": Evil;
  "'": Evil;
  "``": Evil;
  "\\u0041": Evil;
  "\\N{DASH}": Evil;
  "\u0009tab ": Evil;
  __proto__: _proto__;
  constructor: string;
  None: string;
  fields: Fields;
  limits: Limits;
  figure: Figure;
  /** *\/ */
  message: Inline[];
}

/** Values of the state by key. */
export interface XHostileState {
  __proto__: string;
  constructor: number;
  "`${x}`": boolean;
  "n:1": class_;
  "": string;
  "\u000a": string;
  [key: `n:${string}:b`]: number;
  [key: `\`\${${string}}`]: string;
  [key: `n:${string}`]: Limits | class_ | number;
  /** A whole number. */
  [key: `${string}\u000a${string}`]: number | string | Limits;
  [key: `$${string}`]: string | number | null;
  [key: `${string}"${string}\\${string}`]: Evil | number | string | Limits | null;
  [key: string]: boolean | string | number | class_ | Limits | Evil | null;
}

/** What members tell about themselves. */
export type XHostileMember = Figure | null;

/** __proto__ */
export interface _proto__ {
  text: string;
  self?: _proto__;
}

/** class */
export interface class_ {
  text: string;
  self?: class_;
}

/** constructor */
export interface constructor_ {
  text: string;
  self?: constructor_;
}

/** None */
export interface None {
  text: string;
  self?: None;
}

/** string */
export interface string_ {
  text: string;
  self?: string_;
}

/** Record */
export interface Record_ {
  text: string;
  self?: Record_;
}

/** Any */
export interface Any {
  text: string;
  self?: Any;
}

/** Mapping */
export interface Mapping {
  text: string;
  self?: Mapping;
}

/** dataclass */
export interface dataclass {
  text: string;
  self?: dataclass;
}

/** str */
export interface str {
  text: string;
  self?: str;
}

/** int */
export interface int {
  text: string;
  self?: int;
}

/** list */
export interface list {
  text: string;
  self?: list;
}

/** fields */
export interface fields {
  text: string;
  self?: fields;
}

/** data */
export interface data {
  text: string;
  self?: data;
}

/** self */
export interface self {
  text: string;
  self?: self;
}

/** cls */
export interface cls {
  text: string;
  self?: cls;
}

/** _fields */
export interface _fields {
  text: string;
  self?: _fields;
}

/** _T */
export interface _T {
  text: string;
  self?: _T;
}

/** ValueError */
export interface ValueError {
  text: string;
  self?: ValueError;
}

/** a-b */
export interface a_b_ {
  text: string;
  self?: a_b_;
}

/** a_b */
export interface a_b {
  text: string;
  self?: a_b;
}

/** a.b */
export interface a_b_2 {
  text: string;
  self?: a_b_2;
}

/** a b */
export interface a_b_3 {
  text: string;
  self?: a_b_3;
}

export interface _ {
  text: string;
  self?: _;
}

/** 1st */
export interface _1st {
  text: string;
  self?: _1st;
}

/** Größe */
export interface Größe {
  text: string;
  self?: Größe;
}

/** ﬁne */
export interface fine_ {
  text: string;
  self?: fine_;
}

/** fine */
export interface fine {
  text: string;
  self?: fine;
}

/** 名前 */
export interface 名前 {
  text: string;
  self?: 名前;
}

/** 😀 */
export interface _2 {
  text: string;
  self?: _2;
}

/** *\/ */
export interface _3 {
  text: string;
  self?: _3;
}

/** """ */
export interface _4 {
  text: string;
  self?: _4;
}

export interface _5 {
  text: string;
  self?: _5;
}

/** $ */
export interface _6 {
  text: string;
  self?: _6;
}

/** Ünïcode */
export interface Ünïcode {
  text: string;
  self?: Ünïcode;
}

/** XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX */
export interface XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX {
  text: string;
  self?: XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX;
}

/** keyof */
export interface keyof_ {
  text: string;
  self?: keyof_;
}

/** type */
export interface type_ {
  text: string;
  self?: type_;
}

/** color */
export interface color {
  text: string;
  self?: color;
}

/** Color2 */
export interface Color2 {
  text: string;
  self?: Color2;
}

/** print */
export interface print {
  text: string;
  self?: print;
}

/** await */
export interface await_ {
  text: string;
  self?: await_;
}

/** match */
export interface match {
  text: string;
  self?: match;
}

/** __init__ */
export interface _init__ {
  text: string;
  self?: _init__;
}

/** __slots__ */
export interface _slots__ {
  text: string;
  self?: _slots__;
}

export interface Fields {
  /** *\/ alert(1) /* */
  __proto__: string;
  /** """; import os; os.abort(); """ */
  class: string;
  /** \ */
  constructor: string;
  /** \""" */
  None: string;
  /** `${alert(1)}` */
  from: string;
  /** '; drop */
  import: string;
  /** </script> */
  self: string;
  /**
   * line
   * break
   * and
   * more
   * end
   */
  cls: string;
  /** \u{202e}right to left\u{202c} */
  data: string;
  /** \u{0}nul\u{7}bell */
  place: string;
  /** 😀👨\u{200d}👩\u{200d}👧 */
  fields: string;
  /** # coding: latin-1 */
  str: string;
  /** {x}%s%n */
  int: string;
  /** $ */
  float: string;
  /** ${ */
  bool: string;
  /** *\/ */
  tuple: string;
  /** // */
  dict: string;
  /** /* */
  list: string;
  /** " */
  object: string;
  /** ' */
  classmethod: string;
  /** `` */
  staticmethod: string;
  /** \u0041 */
  type: string;
  /** \N{DASH} */
  id: string;
  /** tab */
  Any: string;
  /** *\/ alert(1) /* */
  Mapping: string;
  /** """; import os; os.abort(); """ */
  Literal: string;
  /** \ */
  from_json: string;
  /** \""" */
  to_json: string;
  /** `${alert(1)}` */
  __init__: string;
  /** '; drop */
  __slots__: string;
  /** </script> */
  __dict__: string;
  /**
   * line
   * break
   * and
   * more
   * end
   */
  __class__: string;
  /** \u{202e}right to left\u{202c} */
  _x: string;
  /** \u{0}nul\u{7}bell */
  __x: string;
  /** 😀👨\u{200d}👩\u{200d}👧 */
  _text: string;
  /** # coding: latin-1 */
  "a-b": string;
  /** {x}%s%n */
  a_b: string;
  /** $ */
  "a.b": string;
  /** ${ */
  "a b": string;
  /** *\/ */
  "": string;
  /** // */
  "1st": string;
  /** /* */
  "*/": string;
  /** " */
  "\"\"\"": string;
  /** ' */
  "\\": string;
  /** `` */
  "\u000a": string;
  /** \u0041 */
  "${x}": string;
  /** \N{DASH} */
  "`": string;
  /** tab */
  "😀": string;
  /** *\/ alert(1) /* */
  "Größe": string;
  /** """; import os; os.abort(); """ */
  "ﬁne": string;
  /** \ */
  fine: string;
  /** \""" */
  get: string;
  /** `${alert(1)}` */
  set: string;
  /** '; drop */
  new: string;
  /** </script> */
  readonly: string;
  /**
   * line
   * break
   * and
   * more
   * end
   */
  static: string;
  /** \u{202e}right to left\u{202c} */
  async: string;
  /** \u{0}nul\u{7}bell */
  prototype: string;
  /** 😀👨\u{200d}👩\u{200d}👧 */
  toString: string;
  /** # coding: latin-1 */
  hasOwnProperty: string;
  /** {x}%s%n */
  then: string;
  /** $ */
  mro: string;
  /** ${ */
  property: string;
  /** *\/ */
  lambda: string;
  /** // */
  match: string;
  /** /* */
  case: string;
  /** " */
  _: string;
  /** ' */
  __: string;
  /** `` */
  ___: string;
  /** \u0041 */
  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: string;
}

export interface Optional {
  __proto__?: class_ | null;
  class?: class_ | null;
  constructor?: class_ | null;
  None?: class_ | null;
  from?: class_ | null;
  import?: class_ | null;
  self?: class_ | null;
  cls?: class_ | null;
  data?: class_ | null;
  place?: class_ | null;
  fields?: class_ | null;
  str?: class_ | null;
  int?: class_ | null;
  float?: class_ | null;
  bool?: class_ | null;
  tuple?: class_ | null;
  dict?: class_ | null;
  list?: class_ | null;
  object?: class_ | null;
  classmethod?: class_ | null;
  staticmethod?: class_ | null;
  type?: class_ | null;
  id?: class_ | null;
  Any?: class_ | null;
  Mapping?: class_ | null;
  Literal?: class_ | null;
  from_json?: class_ | null;
  to_json?: class_ | null;
  __init__?: class_ | null;
  __slots__?: class_ | null;
  __dict__?: class_ | null;
  __class__?: class_ | null;
  _x?: class_ | null;
  __x?: class_ | null;
  _text?: class_ | null;
  "a-b"?: class_ | null;
  a_b?: class_ | null;
  "a.b"?: class_ | null;
  "a b"?: class_ | null;
  ""?: class_ | null;
  "1st"?: class_ | null;
  "*/"?: class_ | null;
  "\"\"\""?: class_ | null;
  "\\"?: class_ | null;
  "\u000a"?: class_ | null;
  "${x}"?: class_ | null;
  "`"?: class_ | null;
  "😀"?: class_ | null;
  "Größe"?: class_ | null;
  "ﬁne"?: class_ | null;
  fine?: class_ | null;
  get?: class_ | null;
  set?: class_ | null;
  new?: class_ | null;
  readonly?: class_ | null;
  static?: class_ | null;
  async?: class_ | null;
  prototype?: class_ | null;
  toString?: class_ | null;
  hasOwnProperty?: class_ | null;
  then?: class_ | null;
  mro?: class_ | null;
  property?: class_ | null;
  lambda?: class_ | null;
  match?: class_ | null;
  case?: class_ | null;
  _?: class_ | null;
  __?: class_ | null;
  ___?: class_ | null;
  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx?: class_ | null;
}

/**
 * *\/ alert(1) /*
 * """; import os; os.abort(); """
 * \
 * \"""
 * `${alert(1)}`
 * '; drop
 * </script>
 * line
 * break
 * and
 * more
 * end
 * \u{202e}right to left\u{202c}
 * \u{0}nul\u{7}bell
 * 😀👨\u{200d}👩\u{200d}👧
 * # coding: latin-1
 * {x}%s%n
 * $
 * ${
 * *\/
 * //
 * /*
 * "
 * '
 * ``
 * \u0041
 * \N{DASH}
 *  tab
 */
export type Evil = 
  | "*/ alert(1) /*"
  | "\"\"\"; import os; os.abort(); \"\"\""
  | "\\"
  | "\\\"\"\""
  | "`${alert(1)}`"
  | "'; drop"
  | "</script>"
  | "line\u000abreak\u000d\u000aand\u2028more\u2029end"
  | "\u202eright to left\u202c"
  | "\u0000nul\u0007bell"
  | "😀👨\u200d👩\u200d👧"
  | "# coding: latin-1"
  | "{x}%s%n"
  | "$"
  | "${"
  | "*/"
  | "//"
  | "/*"
  | "\""
  | "'"
  | "``"
  | "\\u0041"
  | "\\N{DASH}"
  | "\u0009tab ";

export interface Inline {
  one: Evil;
  many: _7[];
  null: _7 | null;
}

/** \ */
export type Figure = 
  | F0
  | F1
  | F2
  | F3
  | F4
  | F5
  | F6
  | F7
  | F8
  | F9
  | F10
  | F11
  | F12
  | F13
  | F14
  | F15
  | F16
  | F17
  | F18
  | F19
  | F20
  | F21
  | F22
  | F23;

/** *\/ alert(1) /* */
export interface F0 {
  type: "*/ alert(1) /*";
  inside?: Figure | null;
}

/** """; import os; os.abort(); """ */
export interface F1 {
  type: "\"\"\"; import os; os.abort(); \"\"\"";
  inside?: Figure | null;
}

/** \ */
export interface F2 {
  type: "\\";
  inside?: Figure | null;
}

/** \""" */
export interface F3 {
  type: "\\\"\"\"";
  inside?: Figure | null;
}

/** `${alert(1)}` */
export interface F4 {
  type: "`${alert(1)}`";
  inside?: Figure | null;
}

/** '; drop */
export interface F5 {
  type: "'; drop";
  inside?: Figure | null;
}

/** </script> */
export interface F6 {
  type: "</script>";
  inside?: Figure | null;
}

/**
 * line
 * break
 * and
 * more
 * end
 */
export interface F7 {
  type: "line\u000abreak\u000d\u000aand\u2028more\u2029end";
  inside?: Figure | null;
}

/** \u{202e}right to left\u{202c} */
export interface F8 {
  type: "\u202eright to left\u202c";
  inside?: Figure | null;
}

/** \u{0}nul\u{7}bell */
export interface F9 {
  type: "\u0000nul\u0007bell";
  inside?: Figure | null;
}

/** 😀👨\u{200d}👩\u{200d}👧 */
export interface F10 {
  type: "😀👨\u200d👩\u200d👧";
  inside?: Figure | null;
}

/** # coding: latin-1 */
export interface F11 {
  type: "# coding: latin-1";
  inside?: Figure | null;
}

/** {x}%s%n */
export interface F12 {
  type: "{x}%s%n";
  inside?: Figure | null;
}

/** $ */
export interface F13 {
  type: "$";
  inside?: Figure | null;
}

/** ${ */
export interface F14 {
  type: "${";
  inside?: Figure | null;
}

/** *\/ */
export interface F15 {
  type: "*/";
  inside?: Figure | null;
}

/** // */
export interface F16 {
  type: "//";
  inside?: Figure | null;
}

/** /* */
export interface F17 {
  type: "/*";
  inside?: Figure | null;
}

/** " */
export interface F18 {
  type: "\"";
  inside?: Figure | null;
}

/** ' */
export interface F19 {
  type: "'";
  inside?: Figure | null;
}

/** `` */
export interface F20 {
  type: "``";
  inside?: Figure | null;
}

/** \u0041 */
export interface F21 {
  type: "\\u0041";
  inside?: Figure | null;
}

/** \N{DASH} */
export interface F22 {
  type: "\\N{DASH}";
  inside?: Figure | null;
}

/** tab */
export interface F23 {
  type: "\u0009tab ";
  inside?: Figure | null;
}

export type figure = F1;

export interface Limits {
  /**
   * Shown to others.
   * From 1 to 20 characters.
   */
  name: string;
  /** At most 1 character. */
  short?: string;
  /**
   * At least 3 characters.
   * Matches ^[a-z*\/]+$
   * Format: email
   */
  long?: string;
  /** A number above 0 below 1.5. */
  above?: number;
  /** A whole number up to -1. */
  up?: number;
  /** A whole number from 1. */
  from?: number;
  /**
   * # type: ignore
   * # mypy: ignore-errors
   * @deprecated
   * A whole number.
   */
  whole?: number;
  /** A whole number from 0, a multiple of 2. */
  even?: number;
  /**
   * From 1 to 5 items.
   * No two items are equal.
   * Items: at most 3 characters.
   */
  few?: string[];
  /** Items: Items: Values: Items: a whole number. */
  deep: (Record<string, (number | null)[]> | null)[][];
  /** Whatever there is. */
  anything?: unknown;
  /** Deprecated. */
  old?: boolean;
  /** At most 9 names. */
  map: Record<string, unknown>;
  /** @ts\-expect-error */
  directive?: boolean;
  /**
   * First.
   * @ts\-expect-error
   */
  directives?: boolean;
}

export type _7 = "*/" | "\"\"\"" | "`${x}`";
