// One output that changes in place while work goes on: a training curve that grows, a progress bar.
//
//   const curve = live();
//   curve.update(() => trainingCurve(history));   // in every step; drawn at most twice a second
//   curve.end();                                  // in a `finally`: the last one is always drawn

import { randomUUID } from 'node:crypto';
import { type Displayable, type Figure, jupyterDisplay, type MimeBundle } from './figure.js';
import { findKernel } from './kernel.js';
import { bundleOf, textOf } from './show.js';
import { sketch } from './sketch.js';

type Shown = Figure | Displayable | MimeBundle;

/** A display that is updated in place. */
export interface LiveFigure extends Displayable {
  /** Shows this from now on. A function is called only when its turn to be drawn comes. */
  update(what: Shown | (() => Shown)): void;
  /** Draws the last update, now as Plotly's own picture (see sketch.ts). Later updates begin anew. */
  end(): void;
}

/** Milliseconds between two drawings of a live figure: fast enough to follow, slow enough to cost nothing. */
const figureInterval = 500;

/**
 * Opens a display for a figure that will change, at most twice a second. Outside a notebook the last figure's text is
 * printed at `end()`, once.
 */
export function live(first?: Shown): LiveFigure {
  const display = new UpdatingDisplay(figureInterval, (data) => process.stdout.write(`${textOf(data)}\n`));
  if (first !== undefined) display.update(first);
  return display;
}

/** Sends the latest of many updates to one display, at most one an interval, and always the last. */
export class UpdatingDisplay implements LiveFigure {
  readonly #interval: number;
  readonly #print: (last: MimeBundle) => void;
  readonly #id = randomUUID();
  #latest: Shown | (() => Shown) | undefined;
  #unfinished = false;
  #opened = false;
  #sentAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #failure: { readonly error: unknown } | undefined;

  /** @param interval milliseconds between two updates; `print` is given the last one where there is no notebook. */
  constructor(interval: number, print: (last: MimeBundle) => void) {
    this.#interval = interval;
    this.#print = print;
  }

  update(what: Shown | (() => Shown)): void {
    this.#throwFailure();
    this.#latest = what;
    this.#unfinished = true;
    if (!findKernel()) return;
    const due = this.#sentAt + this.#interval - performance.now();
    if (due <= 0) this.#send(false);
    // The timer shows the last of a burst even if no other update follows. It holds no process open.
    else this.#timer ??= setTimeout(() => this.#sendLater(), due).unref();
  }

  end(): void {
    this.#throwFailure();
    if (this.#unfinished) this.#send(true);
  }

  [jupyterDisplay](): MimeBundle {
    return bundleOf(this.#now());
  }

  #now(): Shown {
    const latest = this.#latest ?? { 'text/plain': 'Nothing to show yet.' };
    return typeof latest === 'function' ? latest() : latest;
  }

  /** A figure that cannot be made must fail the cell, not the timer: the error waits for the next call. */
  #sendLater(): void {
    try {
      this.#send(false);
    } catch (error) {
      this.#failure = { error };
    }
  }

  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure.error;
  }

  #send(last: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const now = this.#now();
    const data = last ? bundleOf(now) : changing(now);
    this.#unfinished = !last;
    const publish = findKernel();
    if (publish) {
      publish({ data, metadata: {}, transient: { display_id: this.#id } }, this.#opened);
      this.#opened = true;
    } else this.#print(data);
    this.#sentAt = performance.now();
  }
}

/** The form of a figure that clients redraw when it is updated: its sketch, else its numbers as text. */
function changing(what: Shown): MimeBundle {
  const data = bundleOf(what);
  if (!('application/vnd.plotly.v1+json' in data)) return data;
  const drawing = sketch(what as Figure);
  return { ...(drawing === undefined ? {} : { 'text/html': drawing }), 'text/plain': textOf(data) };
}
