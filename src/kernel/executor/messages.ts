// What the protocol process and the executor process say to each other. The executor runs cells; the protocol process never does.
//
// A `context` is the id of the Jupyter message that asked for something (an execute_request, a comm_msg): every output
// carries the context it belongs to, and only the protocol process knows which parent header that means.

/** A cell, ready to run: one script whose value is `async ($) => { ... }`, `$` being the cell's runtime. */
export interface CompiledCell {
  /** How stack frames call it, for instance `cell 3`; also the script's file name. */
  readonly name: string;
  readonly code: string;
  /** Source map, version 3, from `code` to the cell as it was typed. */
  readonly map: SourceMapJson;
  /** Names that the cell declares at its top level and that live on in the notebook: variables, functions, classes, enums, imports. */
  readonly declares: readonly string[];
}

export interface SourceMapJson {
  readonly version: 3;
  readonly sources: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
  readonly sourcesContent?: readonly (string | null)[];
}

export interface MimeBundle {
  readonly [mime: string]: unknown;
}

/** An error as Jupyter shows it. */
export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export interface Result {
  readonly data: MimeBundle;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface Outcome {
  /** Undefined where the cell ran to its end. */
  readonly error?: ErrorContent;
  /** The value of the cell's last expression; undefined where it has none to show. */
  readonly result?: Result;
  /** Which of `declares` got their value before the cell ended. */
  readonly defined: readonly string[];
  /** Jupyter's user_expressions: name to `{status: 'ok', data, metadata}` or `{status: 'error', ename, evalue, traceback}`. */
  readonly userExpressions: Readonly<Record<string, unknown>>;
}

export type CommKind = 'comm_open' | 'comm_msg' | 'comm_close';

export interface CommMessage {
  readonly kind: CommKind;
  readonly commId: string;
  /** Only with `comm_open`. */
  readonly target?: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Uint8Array[];
}

export type ToExecutor =
  | {
      readonly type: 'run';
      readonly context: string;
      readonly cell: CompiledCell;
      /** Whether `prompt` and its like may ask. */
      readonly allowStdin: boolean;
      /** With `silent` nothing is shown of the result. */
      readonly silent: boolean;
      /** Compiled cells, each of one expression. */
      readonly userExpressions: Readonly<Record<string, CompiledCell>>;
    }
  /** Stop was pressed: `context` is the cell that runs, if one does. */
  | { readonly type: 'interrupt' }
  | { readonly type: 'comm'; readonly context: string; readonly message: CommMessage };

export type FromExecutor =
  | { readonly type: 'ready' }
  | { readonly type: 'stream'; readonly context: string; readonly name: 'stdout' | 'stderr'; readonly text: string }
  | {
      readonly type: 'display';
      readonly context: string;
      readonly data: MimeBundle;
      readonly metadata: Readonly<Record<string, unknown>>;
      readonly transient: { readonly display_id?: string };
      readonly update: boolean;
    }
  | { readonly type: 'clear'; readonly context: string; readonly wait: boolean }
  | { readonly type: 'comm'; readonly context: string; readonly message: CommMessage }
  /** The answer comes back over a pipe of its own, since the executor blocks until it is there. */
  | { readonly type: 'input'; readonly context: string; readonly prompt: string; readonly password: boolean }
  /** A rejection or exception that nobody handled, of a cell that may have ended long ago. Never fatal. */
  | { readonly type: 'stray'; readonly context: string; readonly error: ErrorContent }
  | { readonly type: 'done'; readonly context: string; readonly outcome: Outcome }
  /** A comm message has been handled: its context is idle again. */
  | { readonly type: 'handled'; readonly context: string }
  /** The event loop has seen the interrupt. */
  | { readonly type: 'interrupted' };

/** The file descriptors the executor finds open, beside stdin, stdout and stderr. */
export const descriptors = {
  /** Frames to the protocol process; written synchronously, so that nothing is lost if the process ends at once. */
  out: 3,
  /** Frames from the protocol process; read by the event loop. */
  in: 4,
  /** Answers to input requests: frames of `string` (the answer) or `null` (interrupted or refused); read synchronously. */
  answers: 5,
  /** One byte for each interrupt; read by a thread, so that a cell which never yields hears of it too. */
  interrupts: 6,
} as const;
