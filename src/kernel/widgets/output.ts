// A place for outputs: what code prints and displays goes there instead of below the cell.

import type { DivertedOutput } from '../bridge.js';
import type { MimeBundle } from '../executor/messages.js';
import { outputModule } from './control.js';
import type { Field } from './fields.js';
import { boxed, visible } from './looks.js';
import { requiredKernel } from './required-kernel.js';

/** An output as notebooks keep it (nbformat 4). */
export type KeptOutput = Exclude<DivertedOutput, { output_type: 'clear' }>;

/** A printed text is cut at the front where it gets longer than this, in characters: all of it travels at each change. */
const longestText = 100_000;
/** A server lets through a megabyte a second; so much of it is for outputs, in characters. */
const perSecond = 300_000;
const shortestWait = 40;

const anything: Field<readonly unknown[]> = { initial: [], problem: () => undefined };
const message: Field<string> = { initial: '', problem: () => undefined };

const OutputBase = boxed(
  { name: 'Output', module: outputModule },
  { ...visible, outputs: anything as Field<readonly KeptOutput[]>, msgId: message },
);

/** Shows what `capture` catches: `const out = new Output(); out.capture(() => console.log('here')); out`. */
export class Output extends OutputBase {
  #kept: { output: KeptOutput; id: string | undefined }[] = [];
  #clearsAtNext = false;
  #sendsAfter = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options?: Omit<NonNullable<ConstructorParameters<typeof OutputBase>[0]>, 'outputs' | 'msgId'>) {
    super(options);
  }

  /** Runs `run`; what it prints and displays, until its promise settles and after, goes here. */
  capture<T>(run: () => T): T {
    const take = (output: DivertedOutput) => {
      if (output.output_type === 'clear') this.clear(output);
      else if (output.output_type === 'display_data' && output.update && !this.#has(output)) return false;
      else this.append(output);
      return true;
    };
    const runAndShow = (): T => {
      let pending = false;
      try {
        const result = run();
        pending = result instanceof Promise;
        // A promise of its own: where nobody handles its error, this is where it is told.
        return pending ? ((result as Promise<unknown>).finally(() => this.#show()) as T) : result;
      } finally {
        if (!pending) this.#show();
      }
    };
    return requiredKernel('Output').divert(take, runAndShow);
  }

  /** Empties it; with `wait`, only when something comes in its place, which does not flicker. */
  clear({ wait = false }: { readonly wait?: boolean } = {}): void {
    this.#clearsAtNext = wait;
    if (wait) return;
    this.#kept = [];
    this.#soon();
  }

  /** Adds an output: a stream, a display, an error. */
  append(output: KeptOutput): void {
    if (this.#clearsAtNext) this.#kept = [];
    this.#clearsAtNext = false;
    if (output.output_type === 'stream') this.#appendText(output.name, output.text);
    else if (output.output_type === 'display_data') this.#appendDisplay(output);
    else this.#kept.push({ output, id: undefined });
    // Errors are few, and often the last that comes.
    if (output.output_type === 'error') this.#show();
    else this.#soon();
  }

  /** Shows a value as a cell would. */
  async display(value: unknown): Promise<void> {
    const { data, metadata } = await requiredKernel('Output').bundle(value);
    this.append({ output_type: 'display_data', data, metadata });
  }

  /** Shows an error as a cell would. */
  displayError(error: unknown): void {
    this.append({ output_type: 'error', ...requiredKernel('Output').describeError(error) });
  }

  /** After a clear that waits: nothing came, so what is there goes now. */
  settle(): void {
    if (this.#clearsAtNext) this.clear();
    this.#show();
  }

  override close(): void {
    this.#show();
    super.close();
  }

  #appendText(name: 'stdout' | 'stderr', text: string): void {
    const last = this.#kept.at(-1);
    const before = last?.output.output_type === 'stream' && last.output.name === name ? last.output.text : undefined;
    let whole = overwritten((before ?? '') + text);
    if (whole.length > longestText) {
      const cut = '[What was printed before is not shown here.]\n';
      const rest = whole.slice(whole.length - longestText * 0.9);
      whole = cut + rest.slice(rest.indexOf('\n') + 1);
    }
    const kept = { output: { output_type: 'stream', name, text: whole } as const, id: undefined };
    if (before === undefined) this.#kept.push(kept);
    else this.#kept[this.#kept.length - 1] = kept;
  }

  #appendDisplay(display: KeptOutput & { output_type: 'display_data' }): void {
    const { data, metadata } = display;
    const id = displayId(display);
    const kept = { output: { output_type: 'display_data', data, metadata } as const, id };
    const earlier = id === undefined ? -1 : this.#kept.findIndex((one) => one.id === id);
    if (earlier >= 0) this.#kept[earlier] = kept;
    else this.#kept.push(kept);
  }

  #has(display: KeptOutput & { output_type: 'display_data' }): boolean {
    return this.#kept.some(({ id }) => id !== undefined && id === displayId(display));
  }

  #soon(): void {
    const now = performance.now();
    if (now >= this.#sendsAfter) this.#show();
    else this.#timer ??= setTimeout(() => this.#show(), this.#sendsAfter - now).unref();
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.closed) return;
    const outputs = this.#kept.map(({ output }) => output);
    const size = outputs.reduce((sum, output) => sum + sizeOf(output), 0);
    this.#sendsAfter = performance.now() + Math.max(shortestWait, (size / perSecond) * 1000);
    this.set({ outputs });
  }
}

function displayId({ transient }: KeptOutput & { output_type: 'display_data' }): string | undefined {
  return (transient as { display_id?: string } | undefined)?.display_id;
}

/** Printed text in which a carriage return goes back to the start of its line, as progress bars do. */
function overwritten(text: string): string {
  if (!text.includes('\r')) return text;
  return text.replaceAll('\r\n', '\n').replaceAll(/[^\n]*\r(?=[^\n\r])/g, '');
}

function sizeOf(output: KeptOutput): number {
  if (output.output_type === 'stream') return output.text.length;
  if (output.output_type === 'error') return output.traceback.join('').length;
  return bundleSize(output.data);
}

function bundleSize(data: MimeBundle): number {
  return Object.values(data).reduce<number>((sum, one) => {
    return sum + (typeof one === 'string' ? one.length : (JSON.stringify(one)?.length ?? 0));
  }, 0);
}
