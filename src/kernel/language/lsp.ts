// TypeScript's language server as a child process, with the notebook's files as open documents that are never on disk.
//
// Where it dies it is started again with all of them, and what was asked of it is asked once more.

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CancellationTokenSource,
  createMessageConnection,
  type Message,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node.js';
import { serverExecutable } from './lsp-executable.js';
import { type ServerDiagnostic, ServerTrouble } from './lsp-messages.js';

export interface ServerOptions {
  /** The notebook's folder: documents are named relative to it. */
  readonly directory: string;
  /** The server ended without being told to. */
  readonly died?: (message: string) => void;
  /** For tests. */
  readonly executable?: string;
}

/** The document that says which documents belong together. */
export interface Settings {
  readonly name: string;
  readonly text: string;
  /** Their text while documents are opened. */
  readonly staged: string;
}

interface Document {
  text: string;
  version: number;
}

interface Session {
  readonly process: ChildProcess;
  readonly connection: MessageConnection;
  /** How it ended; undefined while it lives. */
  ended: string | undefined;
}

/** Measured on lessons: half the memory of Go's defaults (idle 63 instead of 80 MB, with tfjs and transformers.js 120 instead of 165), and no slower. */
const memory = { GOGC: '25' };

export class LanguageServer {
  readonly #options: ServerOptions;
  readonly #documents = new Map<string, Document>();
  readonly #published = new Map<string, readonly ServerDiagnostic[]>();
  readonly #awaited = new Map<string, () => void>();
  #settings: Settings | undefined;
  #live: Session | undefined;
  #starting: Promise<Session> | undefined;
  #closed = false;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** The id of the server's process, for tests and measurements. */
  get pid(): number | undefined {
    return this.#live?.process.pid;
  }

  async start(): Promise<void> {
    await this.#session();
  }

  uri(name: string): string {
    return pathToFileURL(join(this.#options.directory, name)).href;
  }

  /**
   * Sets the settings document, and then others under it. Opening a document makes the server build its program anew, so that they
   * are opened under `staged` settings, which make that cheap: no library, no imports.
   */
  configure(settings: Settings, documents: readonly (readonly [name: string, text: string])[]): void {
    this.#settings = settings;
    this.#published.delete(this.uri(settings.name));
    const opens = documents.some(([name]) => !this.#documents.has(name));
    this.set(settings.name, opens ? settings.staged : settings.text);
    for (const [name, text] of documents) this.set(name, text);
    this.set(settings.name, settings.text);
  }

  /** Opens a document or replaces its text; nothing is sent where it is the same. */
  set(name: string, text: string): void {
    const document = this.#documents.get(name);
    if (document?.text === text) return;
    const version = (document?.version ?? 0) + 1;
    this.#documents.set(name, { text, version });
    if (!this.#live) return;
    if (!document) this.#open(this.#live, name);
    else {
      this.notify('textDocument/didChange', {
        textDocument: { uri: this.uri(name), version },
        contentChanges: [{ text }],
      });
    }
  }

  text(name: string): string | undefined {
    return this.#documents.get(name)?.text;
  }

  remove(name: string): void {
    if (this.#documents.delete(name)) this.notify('textDocument/didClose', { textDocument: { uri: this.uri(name) } });
  }

  /** The diagnostics that the server sent of its own accord, as it does for tsconfig.json. */
  published(name: string): readonly ServerDiagnostic[] {
    return this.#published.get(this.uri(name)) ?? [];
  }

  /** Resolves when diagnostics of a document have come, or the time is over. */
  async publishing(name: string, milliseconds: number): Promise<void> {
    const uri = this.uri(name);
    if (this.#published.has(uri)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#awaited.set(uri, () => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.#awaited.delete(uri);
  }

  /** Says something to the server, if it is there: a new one is told of all documents anyway. */
  notify(method: string, params: object): void {
    const session = this.#live;
    if (session) session.connection.sendNotification(method, params).catch(() => {});
  }

  /**
   * Asks the server. Undefined where it was cancelled. `prepare` runs just before, each time that it is asked: it puts documents
   * into the state that the question is about. @throws ServerTrouble
   */
  async request<T>(
    method: string,
    params: object,
    { signal, prepare }: { signal?: AbortSignal; prepare?: () => void } = {},
  ): Promise<T | undefined> {
    if (signal?.aborted) return undefined;
    for (let attempt = 1; ; attempt++) {
      const session = this.#live ?? (await this.#session());
      prepare?.();
      try {
        return await this.#ask<T>(session, method, params, signal);
      } catch (error) {
        if (signal?.aborted) return undefined;
        if (session.ended === undefined) {
          const message = error instanceof Error ? error.message : String(error);
          throw new ServerTrouble(`TypeScript's language server failed at ${method}: ${message}`);
        }
        if (this.#closed) throw closed();
        if (attempt === 2) {
          throw new ServerTrouble(`TypeScript's language server ended twice at ${method}: ${session.ended}`);
        }
      }
    }
  }

  close(): void {
    this.#closed = true;
    const session = this.#live;
    this.#live = undefined;
    session?.connection.dispose();
    session?.process.kill();
  }

  async #ask<T>(session: Session, method: string, params: object, signal: AbortSignal | undefined): Promise<T> {
    if (!signal) return session.connection.sendRequest<T>(method, params);
    const source = new CancellationTokenSource();
    const cancel = () => source.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await session.connection.sendRequest<T>(method, params, source.token);
    } finally {
      signal.removeEventListener('abort', cancel);
      source.dispose();
    }
  }

  #session(): Promise<Session> {
    if (this.#closed) return Promise.reject(closed());
    if (this.#live) return Promise.resolve(this.#live);
    this.#starting ??= this.#begin().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #begin(): Promise<Session> {
    const { directory, executable = serverExecutable() } = this.#options;
    const child = spawn(executable, ['--lsp', '--stdio'], {
      cwd: directory,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...memory, ...process.env },
      // A group of its own: Jupyter sends SIGINT to the kernel's whole group. It ends by itself when its standard input closes.
      detached: process.platform !== 'win32',
    });
    // What is written to one that has ended is lost, and its end is told below.
    child.stdin.on('error', () => {});
    let complaints = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-2000);
    });
    const connection = createMessageConnection(new StreamMessageReader(child.stdout), new Writer(child.stdin));
    const session: Session = { process: child, connection, ended: undefined };
    const ended = new Promise<never>((_, reject) => {
      const end = (how: string) => {
        reject(new ServerTrouble(`TypeScript's language server does not start: ${how}`));
        this.#end(session, how);
      };
      child.on('error', (error) => end(error.message));
      child.on('close', (code, signal) =>
        end([signal ?? `exit code ${code}`, complaints.trim()].filter(Boolean).join(': ')),
      );
    });
    ended.catch(() => {});
    connection.onError(() => {});
    answerServer(connection);
    connection.onNotification(
      'textDocument/publishDiagnostics',
      ({ uri, diagnostics }: { uri: string; diagnostics: readonly ServerDiagnostic[] }) => {
        this.#published.set(uri, diagnostics);
        this.#awaited.get(uri)?.();
      },
    );
    connection.listen();
    await Promise.race([connection.sendRequest('initialize', this.#introduction()), ended]);
    void connection.sendNotification('initialized', {});
    if (this.#closed) {
      child.kill();
      throw closed();
    }
    this.#live = session;
    this.#openAll(session);
    return session;
  }

  #introduction(): object {
    const markdown = ['markdown'];
    return {
      processId: process.pid,
      rootUri: pathToFileURL(this.#options.directory).href,
      capabilities: {
        textDocument: {
          diagnostic: { relatedInformation: true },
          publishDiagnostics: { relatedInformation: true },
          completion: { completionItem: { documentationFormat: markdown, labelDetailsSupport: false } },
          hover: { contentFormat: markdown },
          signatureHelp: {
            signatureInformation: {
              documentationFormat: markdown,
              parameterInformation: { labelOffsetSupport: true },
              activeParameterSupport: true,
            },
          },
          definition: { linkSupport: false },
        },
      },
      // Names of modules that are not imported would make lists of thousands, slowly.
      initializationOptions: { userPreferences: { includeCompletionsForModuleExports: false } },
    };
  }

  #openAll(session: Session): void {
    const settings = this.#settings;
    const document = settings && this.#documents.get(settings.name);
    const text = document?.text;
    if (settings && document) {
      document.text = settings.staged;
      this.#open(session, settings.name);
    }
    for (const name of this.#documents.keys()) {
      if (name !== settings?.name) this.#open(session, name);
    }
    if (settings && text !== undefined) this.set(settings.name, text);
  }

  #open({ connection }: Session, name: string): void {
    const { text, version } = this.#documents.get(name) as Document;
    const languageId = name.endsWith('.json') ? 'json' : name.endsWith('.tsx') ? 'typescriptreact' : 'typescript';
    const textDocument = { uri: this.uri(name), languageId, version, text };
    connection.sendNotification('textDocument/didOpen', { textDocument }).catch(() => {});
  }

  #end(session: Session, how: string): void {
    if (session.ended !== undefined) return;
    session.ended = how;
    // Its connection's open requests fail here.
    session.connection.dispose();
    session.process.kill();
    if (this.#live !== session) return;
    this.#live = undefined;
    if (!this.#closed) this.#options.died?.(`TypeScript's language server ended (${how}); it is started again.`);
  }
}

/** Writes as long as there is somebody to read: where there is not, requests fail when the server's end is heard of. */
class Writer extends StreamMessageWriter {
  override write(message: Message): Promise<void> {
    return super.write(message).catch(() => {});
  }
}

function closed(): ServerTrouble {
  return new ServerTrouble("TypeScript's language server has been closed.");
}

/** What it asks back: it may have everything it wants, and gets no settings of ours. */
function answerServer(connection: MessageConnection): void {
  connection.onRequest('workspace/configuration', ({ items }: { items: readonly unknown[] }) => items.map(() => ({})));
  connection.onRequest((_method) => null);
}
