// How code that a cell imports (our display functions, widgets, any library) reaches the kernel it runs on: one object under a
// global symbol, so that nothing needs importing and nothing breaks in plain Node.

import type { CommMessage, ErrorContent, MimeBundle } from './executor/messages.js';

/** Where the bridge hangs: `globalThis[kernelSymbol]`. */
export const kernelSymbol: unique symbol = Symbol.for('model-types.kernel');

/** A method that gives the MIME bundle of an object (or a promise of it); and, on globalThis, the function that publishes one. */
export const displaySymbol: unique symbol = Symbol.for('Jupyter.display');

/** The content of a `display_data` or `update_display_data` message. */
export interface DisplayContent {
  readonly data: MimeBundle;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly transient: { readonly display_id?: string };
}

/** An open comm: both ends may send until one closes it. */
export interface Comm {
  readonly id: string;
  readonly target: string;
  send(data: object, options?: { metadata?: object; buffers?: readonly Uint8Array[] }): void;
  close(data?: object): void;
  /** Runs in the context of the message, so that what it prints goes where the client expects it. */
  onMessage(handler: (message: CommMessage) => void | Promise<void>): void;
  onClose(handler: () => void): void;
}

export interface KernelBridge {
  /** The id of the request whose code runs now: outputs go there. Jupyter's Output widget calls it msg_id. */
  context(): string;
  /**
   * Runs `run` and everything it starts with its outputs going to `take` instead of the cell. An update of a display that
   * `take` does not have is for the client: then it gives false.
   */
  divert<T>(take: (message: DivertedOutput) => unknown, run: () => T): T;
  publish(content: DisplayContent, update: boolean): void;
  clearOutput(wait: boolean): void;
  /** The MIME bundle in which a cell would show this value. */
  bundle(value: unknown): Promise<{ data: MimeBundle; metadata: Readonly<Record<string, unknown>> }>;
  /** An error as a cell shows it, with its frames. */
  describeError(error: unknown): ErrorContent;
  openComm(
    target: string,
    options?: { id?: string; data?: object; metadata?: object; buffers?: readonly Uint8Array[] },
  ): Comm;
  /** Answers comms that the client opens; without a handler for their target they are closed at once. */
  onCommOpen(target: string, handler: (comm: Comm, message: CommMessage) => void | Promise<void>): void;
  /** Whether the client ever opened a comm of this target, handled or not: JupyterLab asks for widgets before any cell ran. */
  wasAskedFor(target: string): boolean;
  /** Asks the person at the client; blocks until they answer. Null where they cannot or would not. */
  input(prompt: string, password: boolean): string | null;
}

/** One output, in the form in which notebooks keep it (nbformat 4). */
export type DivertedOutput =
  | { readonly output_type: 'stream'; readonly name: 'stdout' | 'stderr'; readonly text: string }
  | {
      readonly output_type: 'display_data';
      readonly data: MimeBundle;
      readonly metadata: object;
      readonly transient?: object;
      /** Whether it takes the place of the display with the same `transient.display_id`. */
      readonly update?: boolean;
    }
  | {
      readonly output_type: 'error';
      readonly ename: string;
      readonly evalue: string;
      readonly traceback: readonly string[];
    }
  | { readonly output_type: 'clear'; readonly wait: boolean };

/** The kernel this process is, or undefined in plain Node and under other kernels. */
export function kernelBridge(): KernelBridge | undefined {
  return (globalThis as { [kernelSymbol]?: KernelBridge })[kernelSymbol];
}
