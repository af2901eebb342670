// The shapes of Jupyter's messages, protocol 5.5 (https://jupyter-client.readthedocs.io/en/stable/messaging.html), each written once.
// Names are the wire's own. `requests.ts` turns what a client sent into these shapes, or says what is wrong with it.

import type { CommKind, ErrorContent, MimeBundle } from '../executor/messages.js';

/** The version of the protocol that is spoken here. No subshells, no debugger. */
export const protocolVersion = '5.5';

export type JsonObject = Readonly<Record<string, unknown>>;

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

/** Messages that answer nothing have an empty parent. */
export type ParentHeader = Header | Readonly<Record<string, never>>;

/** A message as it came over the wire: signed rightly and of the right form, its content not yet looked at. */
export interface Message {
  /** The routing prefix: whom a reply goes to. */
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly parentHeader: JsonObject;
  readonly metadata: JsonObject;
  readonly content: JsonObject;
  readonly buffers: readonly Uint8Array[];
}

export type RequestChannel = 'shell' | 'control';

// --- What clients ask ---

export interface ExecuteRequest {
  readonly code: string;
  readonly silent: boolean;
  readonly store_history: boolean;
  readonly user_expressions: Readonly<Record<string, string>>;
  readonly allow_stdin: boolean;
  readonly stop_on_error: boolean;
}

export interface CompleteRequest {
  readonly code: string;
  /** In code points, not UTF-16 units: see `text.ts`. */
  readonly cursor_pos: number;
}

export interface InspectRequest {
  readonly code: string;
  readonly cursor_pos: number;
  readonly detail_level: 0 | 1;
}

export interface IsCompleteRequest {
  readonly code: string;
}

interface HistoryForm {
  /** Whether each entry has its output too. */
  readonly output: boolean;
  /** The input as it was typed; false for it after a kernel's own rewriting, of which we have none. */
  readonly raw: boolean;
}

export type HistoryRequest = HistoryForm &
  (
    | { readonly hist_access_type: 'tail'; readonly n: number }
    /** Session 0 is this one, negative ones count back from it. `stop` is not part of the range; null is no end. */
    | {
        readonly hist_access_type: 'range';
        readonly session: number;
        readonly start: number;
        readonly stop: number | null;
      }
    | {
        readonly hist_access_type: 'search';
        readonly pattern: string;
        readonly n: number | null;
        readonly unique: boolean;
      }
  );

export interface CommInfoRequest {
  readonly target_name?: string;
}

export interface CommOpen {
  readonly comm_id: string;
  readonly target_name: string;
  readonly data: JsonObject;
}

export interface CommMsg {
  readonly comm_id: string;
  readonly data: JsonObject;
}

export type CommClose = CommMsg;

export interface ShutdownRequest {
  readonly restart: boolean;
}

/** What a client may ask on shell and control, by message type. */
export interface Requests {
  readonly kernel_info_request: Readonly<Record<string, never>>;
  readonly execute_request: ExecuteRequest;
  readonly complete_request: CompleteRequest;
  readonly inspect_request: InspectRequest;
  readonly is_complete_request: IsCompleteRequest;
  readonly history_request: HistoryRequest;
  readonly comm_info_request: CommInfoRequest;
  readonly comm_open: CommOpen;
  readonly comm_msg: CommMsg;
  readonly comm_close: CommClose;
  readonly interrupt_request: Readonly<Record<string, never>>;
  readonly shutdown_request: ShutdownRequest;
}

export type RequestType = keyof Requests;

export type Request = { [T in RequestType]: { readonly type: T; readonly content: Requests[T] } }[RequestType];

/** What a client sends on stdin, in answer to an input_request. */
export interface InputReply {
  readonly value: string;
}

// --- What we answer ---

export interface LanguageInfo {
  readonly name: string;
  readonly version: string;
  readonly mimetype: string;
  readonly file_extension: string;
  readonly pygments_lexer?: string;
  readonly codemirror_mode?: string | JsonObject;
  readonly nbconvert_exporter?: string;
}

export interface KernelInfoReply {
  readonly status: 'ok';
  readonly protocol_version: string;
  readonly implementation: string;
  readonly implementation_version: string;
  readonly language_info: LanguageInfo;
  readonly banner: string;
  readonly help_links: readonly { readonly text: string; readonly url: string }[];
  readonly supported_features: readonly string[];
}

/** Any request may be answered so. */
export type ErrorReply = { readonly status: 'error' } & ErrorContent;

export type ExecuteReply =
  | {
      readonly status: 'ok';
      readonly execution_count: number;
      readonly payload: readonly JsonObject[];
      readonly user_expressions: JsonObject;
    }
  | (ErrorReply & { readonly execution_count: number; readonly user_expressions?: JsonObject })
  | { readonly status: 'aborted'; readonly execution_count?: number };

/** How JupyterLab learns what each match is; in `complete_reply`'s metadata, in the order of the matches. */
export interface CompletionItem {
  readonly text: string;
  readonly type: string;
  readonly signature?: string;
  readonly start: number;
  readonly end: number;
}

export interface CompleteReply {
  readonly status: 'ok';
  readonly matches: readonly string[];
  readonly cursor_start: number;
  readonly cursor_end: number;
  readonly metadata: { readonly _jupyter_types_experimental?: readonly CompletionItem[] };
}

export interface InspectReply {
  readonly status: 'ok';
  readonly found: boolean;
  readonly data: MimeBundle;
  readonly metadata: JsonObject;
}

export type IsCompleteReply =
  | { readonly status: 'complete' | 'invalid' | 'unknown' }
  | { readonly status: 'incomplete'; readonly indent: string };

/** Session, line (the cell's execution count), and its input, with the output where it was asked for. */
export type HistoryEntry = readonly [number, number, string | readonly [string, string | null]];

export interface HistoryReply {
  readonly status: 'ok';
  readonly history: readonly HistoryEntry[];
}

export interface CommInfoReply {
  readonly status: 'ok';
  readonly comms: Readonly<Record<string, { readonly target_name: string }>>;
}

export interface InterruptReply {
  readonly status: 'ok';
}

export interface ShutdownReply {
  readonly status: 'ok';
  readonly restart: boolean;
}

export interface Replies {
  readonly kernel_info_reply: KernelInfoReply;
  readonly execute_reply: ExecuteReply;
  readonly complete_reply: CompleteReply | ErrorReply;
  readonly inspect_reply: InspectReply | ErrorReply;
  readonly is_complete_reply: IsCompleteReply | ErrorReply;
  readonly history_reply: HistoryReply | ErrorReply;
  readonly comm_info_reply: CommInfoReply | ErrorReply;
  readonly interrupt_reply: InterruptReply | ErrorReply;
  readonly shutdown_reply: ShutdownReply;
}

export interface InputRequest {
  readonly prompt: string;
  readonly password: boolean;
}

// --- What we tell everyone, on iopub ---

export interface Publications {
  readonly status: { readonly execution_state: 'starting' | 'busy' | 'idle' };
  readonly stream: { readonly name: 'stdout' | 'stderr'; readonly text: string };
  readonly display_data: {
    readonly data: MimeBundle;
    readonly metadata: JsonObject;
    readonly transient: { readonly display_id?: string };
  };
  readonly update_display_data: {
    readonly data: MimeBundle;
    readonly metadata: JsonObject;
    readonly transient: { readonly display_id?: string };
  };
  readonly execute_input: { readonly code: string; readonly execution_count: number };
  readonly execute_result: {
    readonly execution_count: number;
    readonly data: MimeBundle;
    readonly metadata: JsonObject;
    readonly transient?: { readonly display_id?: string };
  };
  readonly error: ErrorContent;
  readonly clear_output: { readonly wait: boolean };
  readonly comm_open: CommOpen & { readonly target_module?: string };
  readonly comm_msg: CommMsg;
  readonly comm_close: CommClose;
  readonly shutdown_reply: ShutdownReply;
  /** Sent to each new subscription, so that a client knows from when on it misses nothing (JEP 65). */
  readonly iopub_welcome: { readonly subscription: string };
}

// A comm's messages are named alike on both sides of the executor's pipe.
export type { CommKind };
