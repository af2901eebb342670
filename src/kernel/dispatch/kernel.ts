// The kernel as clients see it: every message they send ends up here, and everything they hear comes from here.
//
// Cells run one after the other in the executor. All other requests are answered at once, also while a cell runs.

import type { CommMessage, ErrorContent, Outcome } from '../executor/messages.js';
import type { Compile, Language } from '../language/language.js';
import type { Message, Request, RequestChannel, Requests } from '../protocol/messages.js';
import { readInputReply, readRequest } from '../protocol/requests.js';
import type { Channels } from '../protocol/sockets.js';
import { answerComplete, answerInspect, answerIsComplete, kernelInfo } from './answers.js';
import { CommRegistry } from './comm-registry.js';
import { removeCutOutputs } from './cut-output.js';
import { Execution, type Job, type Output } from './execution.js';
import { ExecutorHost } from './executor-host.js';
import type { History } from './history.js';
import { Publisher } from './publisher.js';

export interface KernelOptions {
  readonly channels: Channels;
  readonly history: History;
  /** The notebook's folder. */
  readonly directory: string;
  /** Flags of Node.js for the process that runs cells. */
  readonly nodeOptions: readonly string[];
  /** The TypeScript side, started meanwhile. */
  readonly language: Promise<Language>;
  readonly compile: Compile;
  /** Whether the notebook's tsconfig.json lets cells hold JSX. */
  jsx(): boolean;
  /** Called once, after shutdown has been answered. */
  ended(): void;
}

export class Kernel {
  readonly #options: KernelOptions;
  readonly #channels: Channels;
  readonly #comms = new CommRegistry();
  readonly #executor: ExecutorHost;
  readonly #execution: Execution;
  readonly #publisher: Publisher;
  readonly #busyComms = new Map<string, Message>();
  #count = 0;
  #notice = '';
  #closing = false;

  constructor(options: KernelOptions) {
    this.#options = options;
    this.#channels = options.channels;
    this.#publisher = new Publisher(options.channels, (held) => this.#executor.hold(held));
    this.#executor = new ExecutorHost({
      directory: options.directory,
      nodeOptions: options.nodeOptions,
      output: (message) => this.#output(message),
      native: (name, text) => {
        const context = this.#execution.current ?? this.#publisher.latest?.id;
        if (context) this.#publisher.print(context, name, text);
        else process.stderr.write(text);
      },
      handled: (context) => this.#commHandled(context),
      replaced: (reason, idle) => this.#replaced(reason, idle),
    });
    this.#execution = new Execution({
      compile: options.compile,
      check: async (source, name) => (await options.language).check(source, name),
      commit: (source, names, defined) => {
        void options.language.then((language) => language.commit(source, names, defined));
      },
      run: (message) => this.#executor.run(message),
      interrupt: () => this.#executor.interrupt(),
    });
    this.#channels.onInputReply((message) => {
      const reply = readInputReply(message);
      if (reply) this.#executor.answer(reply.value);
    });
    this.#channels.onMessage((channel, message) => this.#handle(channel, message));
    this.#channels.publish('status', { execution_state: 'starting' }, {});
  }

  /** Stop was pressed, or SIGINT came. */
  interrupt(): void {
    this.#execution.interrupt();
  }

  /** Ends the executor and the language side, tells clients what is left to tell, and closes the channels. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    this.#executor.close();
    void this.#options.language.then(
      (language) => language.close(),
      () => {},
    );
    removeCutOutputs();
    await this.#channels.close();
    this.#options.ended();
  }

  #handle(channel: RequestChannel, message: Message): void {
    const read = readRequest(message);
    if (!read.ok) {
      // What nobody knows has no reply either; a client that waits for one has its own limit.
      if (read.known) void this.#answer(channel, message, () => Promise.reject(new Error(read.reason)));
      return;
    }
    const { type, content } = read.request;
    if (type === 'execute_request') this.#execute(channel, message, content);
    else if (type === 'comm_open' || type === 'comm_msg' || type === 'comm_close') this.#comm(message, type, content);
    else if (type === 'shutdown_request') void this.#shutdown(channel, message, content.restart);
    else void this.#answer(channel, message, () => this.#contentOf(read.request));
  }

  /** What a request that runs no cell is answered with. */
  async #contentOf(request: Request): Promise<object> {
    switch (request.type) {
      case 'kernel_info_request':
        return kernelInfo;
      case 'interrupt_request':
        this.#execution.interrupt();
        return { status: 'ok' };
      case 'complete_request':
        return answerComplete(await this.#options.language, request.content);
      case 'inspect_request':
        return answerInspect(await this.#options.language, request.content);
      case 'is_complete_request':
        return answerIsComplete(request.content, this.#options.jsx());
      case 'history_request':
        return { status: 'ok', history: await this.#options.history.request(request.content) };
      case 'comm_info_request':
        return { status: 'ok', comms: this.#comms.info(request.content.target_name) };
      default:
        throw new Error(`Nobody answers ${request.type}.`);
    }
  }

  async #answer(channel: RequestChannel, message: Message, content: () => Promise<object>): Promise<void> {
    this.#status('busy', message);
    let answer: object;
    try {
      answer = await content();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      answer = { status: 'error', ename: 'KernelError', evalue: text, traceback: [text] };
    }
    const type = message.header.msg_type.replace(/_request$/, '_reply');
    this.#channels.reply(channel, message, type, answer);
    this.#status('idle', message);
  }

  #execute(channel: RequestChannel, message: Message, content: Requests['execute_request']): void {
    const stored = content.store_history && !content.silent;
    const context = message.header.msg_id;
    let count = 0;
    let started = new Date();
    let since = 0;
    const reply = (answer: object) => {
      const elapsed = Math.round((performance.now() - since) * 100) / 100;
      const metadata = { started: started.toISOString(), elapsed_ms: elapsed };
      this.#channels.reply(channel, message, 'execute_reply', answer, { metadata });
      this.#status('idle', message);
    };
    const job: Job = {
      context,
      source: content.code,
      get name() {
        return content.silent ? 'silent cell' : `cell ${count}`;
      },
      silent: content.silent,
      stopOnError: content.stop_on_error,
      allowStdin: content.allow_stdin,
      userExpressions: content.user_expressions,
      begin: () => {
        if (stored) this.#count++;
        count = stored ? this.#count : this.#count + 1;
        started = new Date();
        since = performance.now();
        this.#publisher.begin(message, job.name);
        this.#status('busy', message);
        if (!content.silent) {
          this.#publisher.emit(context, 'execute_input', { code: content.code, execution_count: count });
        }
        if (this.#notice) this.#publisher.print(context, 'stderr', this.#notice);
        this.#notice = '';
      },
      end: async (outcome) => {
        await this.#finish(context, count, content.silent, outcome);
        if (stored) this.#options.history.add(count, content.code, textOf(outcome));
        const { error, userExpressions } = outcome;
        reply(
          error
            ? { status: 'error', ...error, execution_count: count, user_expressions: {}, payload: [] }
            : { status: 'ok', execution_count: count, user_expressions: userExpressions, payload: [] },
        );
      },
      abort: () => {
        since = performance.now();
        this.#status('busy', message);
        reply({ status: 'aborted', execution_count: this.#count });
      },
    };
    this.#execution.add(job);
  }

  /** Publishes what a cell ended with, after all it printed. */
  async #finish(context: string, count: number, silent: boolean, outcome: Outcome): Promise<void> {
    const { error, result } = outcome;
    this.#publisher.end(context);
    if (error) this.#publisher.error(context, error);
    else if (result && !silent) {
      this.#publisher.emit(context, 'execute_result', { execution_count: count, ...result });
    }
    await this.#publisher.drained();
  }

  #output(message: Output): void {
    const { context } = message;
    if (message.type === 'stream') {
      this.#publisher.print(context, message.name, message.text);
    } else if (message.type === 'display') {
      const { data, metadata, transient, update } = message;
      this.#publisher.emit(context, update ? 'update_display_data' : 'display_data', { data, metadata, transient });
    } else if (message.type === 'clear') {
      this.#publisher.emit(context, 'clear_output', { wait: message.wait });
    } else if (message.type === 'stray') {
      this.#publisher.error(context, message.error);
    } else if (message.type === 'comm') {
      this.#comms.note(message.message);
      this.#publisher.comm(context, message.message);
    } else {
      this.#ask(context, message.prompt, message.password);
    }
  }

  /** Asks the client that runs the cell, after what the cell printed. */
  #ask(context: string, prompt: string, password: boolean): void {
    const asking = this.#publisher.find(context);
    this.#publisher.after(() => {
      if (!this.#executor.asked) return;
      if (asking) this.#channels.ask(asking.identities, asking.header, { prompt, password });
      else this.#executor.answer(null);
    });
  }

  #status(state: 'busy' | 'idle', message: Message): void {
    this.#publisher.status(state, message, this.#execution.current);
  }

  #comm(message: Message, kind: CommMessage['kind'], content: object): void {
    const { comm_id, target_name, data } = content as {
      comm_id: string;
      target_name?: string;
      data: Record<string, unknown>;
    };
    const context = message.header.msg_id;
    this.#publisher.beginComm(message);
    this.#status('busy', message);
    this.#busyComms.set(context, message);
    const said: CommMessage = {
      kind,
      commId: comm_id,
      ...(target_name === undefined ? {} : { target: target_name }),
      data,
      metadata: message.metadata,
      buffers: message.buffers,
    };
    this.#comms.note(said);
    this.#executor.comm(context, said);
  }

  #commHandled(context: string): void {
    const message = this.#busyComms.get(context);
    this.#busyComms.delete(context);
    if (!message) return;
    this.#publisher.end(context);
    this.#publisher.after(() => this.#status('idle', message));
  }

  /** The executor ended, and another one has taken its place. */
  #replaced(reason: ErrorContent, idle: boolean): void {
    this.#execution.forget();
    void this.#options.language.then(
      (language) => language.forget(),
      () => {},
    );
    const context = this.#publisher.latest?.id;
    if (context === undefined) return;
    for (const comm_id of this.#comms.clear()) this.#publisher.emit(context, 'comm_close', { comm_id, data: {} });
    if (idle) this.#publisher.error(context, reason);
    this.#notice = 'This cell runs in a fresh process: the one before it ended, and all variables with it.\n';
  }

  async #shutdown(channel: RequestChannel, message: Message, restart: boolean): Promise<void> {
    this.#status('busy', message);
    const content = { status: 'ok', restart };
    this.#channels.reply(channel, message, 'shutdown_reply', content);
    this.#channels.publish('shutdown_reply', content, message.header);
    this.#channels.publish('status', { execution_state: 'idle' }, message.header);
    await this.close();
  }
}

/** What history keeps of a cell's result. */
function textOf(outcome: Outcome): string | undefined {
  const text = outcome.result?.data['text/plain'];
  return typeof text === 'string' ? text : undefined;
}
