// How far long work has come, on one line that updates in place.
//
//   const bar = progress(texts.length, 'predicting');
//   for (const text of texts) { ...; bar.tick(); }
//   bar.end();

import type { MimeBundle } from './figure.js';
import { findKernel } from './kernel.js';
import { UpdatingDisplay } from './live.js';
import { duration, requireFinite } from './numbers.js';
import { escapeHtml } from './table.js';

/** A line of progress. */
export interface Progress {
  /** `by` more of the total are done (default 1); `note` is shown at the end of the line, until the next note. */
  tick(by?: number, note?: string): void;
  /** `done` of the total are done: for work that counts for itself, such as bytes of a download. */
  at(done: number, note?: string): void;
  /** The work has ended, whole or not; the line stays with what was done and how long it took. */
  end(note?: string): void;
}

/** Milliseconds between two drawings of the line. */
const lineInterval = 250;

/**
 * Shows progress towards `total` (any unit, 0 or more). In a notebook an updating display, at most four times a second;
 * in a terminal one line, rewritten; elsewhere (pipes, tests) nothing.
 */
export function progress(total: number, label: string): Progress {
  if (requireFinite(total, 'progress: total') < 0) throw new Error(`progress: total must be 0 or more, got ${total}.`);
  const started = performance.now();
  const terminal = process.stdout.isTTY === true;
  const display = new UpdatingDisplay(lineInterval, () => {});
  let done = 0;
  let note = '';
  let ended = false;
  let writtenAt = Number.NEGATIVE_INFINITY;

  const state = (): ProgressState => ({
    label,
    done,
    total,
    seconds: (performance.now() - started) / 1000,
    note,
    ended,
  });
  const draw = (): void => {
    if (findKernel()) {
      display.update(() => progressBundle(state()));
      if (ended) display.end();
    } else if (terminal && (ended || performance.now() - writtenAt >= lineInterval)) {
      writtenAt = performance.now();
      const line = progressLine(state()).slice(0, Math.max(20, (process.stdout.columns ?? 80) - 1));
      process.stdout.write(`\r${line}\u001b[K${ended ? '\n' : ''}`);
    }
  };
  const at = (now: number, text?: string): void => {
    if (ended) return;
    done = Math.min(Math.max(now, 0), total);
    note = text ?? note;
    draw();
  };
  draw();
  return {
    tick: (by = 1, text) => at(done + by, text),
    at,
    end(text) {
      if (ended) return;
      ended = true;
      note = text ?? note;
      draw();
    },
  };
}

interface ProgressState {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly seconds: number;
  readonly note: string;
  readonly ended: boolean;
}

/** The line as text: 'predicting: 50 of 200 (25%), 1.0 s, about 3.0 s left, note'. */
export function progressLine({ label, done, total, seconds, note, ended }: ProgressState): string {
  const share = total === 0 ? 1 : done / total;
  const counted = `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} (${Math.floor(share * 100)}%)`;
  // Two seconds in, the pace means something.
  const left =
    !ended && done > 0 && done < total && seconds >= 2
      ? `about ${duration((seconds / done) * (total - done))} left`
      : '';
  return [`${label}: ${counted}`, duration(seconds), left, note].filter((part) => part !== '').join(', ');
}

function progressBundle(state: ProgressState): MimeBundle {
  const line = progressLine(state);
  const max = state.total === 0 ? 1 : state.total;
  const value = state.total === 0 ? 1 : state.done;
  const bar = `<progress value="${value}" max="${max}" aria-label="${escapeHtml(state.label)}" style="width:180px;vertical-align:middle;margin-right:10px"></progress>`;
  return {
    'text/html': `<div style="white-space:nowrap">${bar}<span>${escapeHtml(line)}</span></div>`,
    'text/plain': line,
  };
}
