// A program measured from outside: it stays running and answers each line of JSON with one of its own.
//
//   const program = await Program.start('python3', ['bench/python/train_step.py']);
//   await program.ask({ case: { layers: 2 } });
//   const { milliseconds } = await program.ask<{ milliseconds: number[] }>({ steps: 5 });
//   await program.end();
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export class Program {
  readonly #name: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  /** Fulfilled when it is gone and all it wrote has been read. */
  readonly #closed: Promise<void>;
  #complaints = '';

  /** @param environment variables beside those of this process */
  constructor(
    name: string,
    command: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ) {
    this.#name = name;
    this.#child = spawn(command, args, { stdio: 'pipe', env: { ...process.env, ...environment } });
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#complaints = (this.#complaints + chunk.toString()).slice(-4000);
    });
    this.#closed = new Promise((resolve) => this.#child.once('close', () => resolve()));
    this.#child.stdin.on('error', () => {}); // a program that died is told of by the answer that never comes
    this.#child.on('error', (error) => {
      this.#complaints += String(error);
    });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /**
   * Sends a request and waits for its answer. Lines that are no JSON objects are chatter and passed over.
   * @throws Error with the program's last words where it ended instead, or answered `{ "error": ... }`
   */
  async ask<Answer>(request: object): Promise<Answer> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    for (;;) {
      const { value, done } = await this.#answers.next();
      if (done) await this.#closed;
      if (done) throw new Error(`${this.#name} ended without an answer:\n${this.#complaints.trim()}`);
      if (!value.startsWith('{')) continue;
      const answer = JSON.parse(value);
      if (answer.error !== undefined) throw new Error(`${this.#name}: ${answer.error}`);
      return answer;
    }
  }

  /** Tells the program that no request will come, and waits until it is gone. */
  async end(): Promise<void> {
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await this.#closed;
    clearTimeout(timer);
  }
}
