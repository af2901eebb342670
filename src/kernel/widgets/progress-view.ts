// Where a progress bar is seen: as a widget, as a display that is updated, or as lines of text.

import { displaySymbol, kernelBridge } from '../bridge.js';
import { HBox } from './boxes.js';
import { managerOf } from './manager.js';
import { FloatProgress } from './numbers.js';
import { figures, line, type ProgressState } from './progress-text.js';
import { Label } from './words.js';

export interface ProgressView {
  /** Shows where it is now. The last time, `state.ended` is true. */
  show(state: ProgressState): void;
  /** Removes it. */
  remove(): void;
}

type Publish = (content: { data: object; metadata: object; transient: object }, update: boolean) => void;

/** The best view that this place has. */
export function openView(first: ProgressState): ProgressView {
  const bridge = kernelBridge();
  if (bridge && managerOf(bridge).drawn) return widgetView(first);
  const publish = bridge ? bridge.publish.bind(bridge) : (globalThis as { [displaySymbol]?: unknown })[displaySymbol];
  if (typeof publish === 'function') return displayView(first, publish as Publish);
  return process.stderr.isTTY ? terminalView() : linesView();
}

function widgetView(first: ProgressState): ProgressView {
  const bar = new FloatProgress({
    description: first.label,
    max: first.total || 1,
    barStyle: first.total === undefined ? 'info' : '',
    style: { descriptionWidth: 'initial' },
    layout: { flex: '0 1 24em' },
  });
  const words = new Label({ value: figures(first), layout: { margin: '0 0 0 1em' } });
  const box = new HBox([bar, words]);
  const transient = { display_id: `progress-${box.id}` };
  const put = (data: object, update: boolean) => {
    kernelBridge()?.publish({ data: { ...data }, metadata: {}, transient }, update);
  };
  const publish = (state: ProgressState, update: boolean) => {
    put({ ...box[displaySymbol](), 'text/plain': line(state) }, update);
  };
  publish(first, false);
  return {
    show(state) {
      const { done, total, ended } = state;
      const whole = total === undefined ? (ended ? 1 : 0) : Math.min(done, total);
      bar.set({
        max: total || 1,
        value: total === 0 ? 1 : whole,
        description: state.label,
        barStyle: ended ? (total === undefined || done >= total ? 'success' : 'warning') : bar.barStyle,
      });
      words.value = figures(state);
      // At once: the loop may never come back to the event loop.
      bar.flush();
      words.flush();
      // Where the notebook is read without widgets, its text tells how it ended.
      if (ended) publish(state, true);
    },
    remove() {
      box.close();
      bar.close();
      words.close();
      // An output is not left without its widget, which a page loaded anew would look for.
      put({ 'text/plain': '' }, true);
    },
  };
}

let displays = 0;

function displayView(first: ProgressState, publish: Publish): ProgressView {
  const transient = { display_id: `progress-${process.pid}-${++displays}` };
  const put = (text: string, update: boolean) =>
    publish({ data: { 'text/plain': text }, metadata: {}, transient }, update);
  put(line(first), false);
  return {
    show: (state) => put(line(state), true),
    remove: () => put('', true),
  };
}

function terminalView(): ProgressView {
  return {
    show(state) {
      process.stderr.write(`\r\u001b[2K${line(state)}${state.ended ? '\n' : ''}`);
    },
    remove() {
      process.stderr.write('\r\u001b[2K');
    },
  };
}

/** How often a file of lines gets one more, in seconds. */
const betweenLines = 10;

function linesView(): ProgressView {
  let last = 0;
  return {
    show(state) {
      if (!state.ended && state.seconds - last < betweenLines) return;
      last = state.seconds;
      process.stderr.write(`${line(state)}\n`);
    },
    remove() {},
  };
}
