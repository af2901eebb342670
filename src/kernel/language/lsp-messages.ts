// What the language server says, as far as it is used here: parts of the Language Server Protocol.

/** A diagnostic of the protocol. */
export interface ServerDiagnostic {
  readonly range: ServerRange;
  /** 1 is an error. */
  readonly severity?: number;
  readonly code?: number | string;
  readonly message: string;
  readonly relatedInformation?: readonly {
    readonly location: { readonly uri: string; readonly range: ServerRange };
    readonly message: string;
  }[];
}

export interface ServerRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

export interface FileEvent {
  readonly uri: string;
  readonly type: 1 | 2 | 3;
}

/** The kinds of file events. */
export const fileEvents = { created: 1, changed: 2, deleted: 3 } as const;

/** The server could not be started, or ended twice over one request. */
export class ServerTrouble extends Error {}
