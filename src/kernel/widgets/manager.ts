// All widgets of a notebook. A page that is loaded anew asks here for their states, and so finds them as they were.

import type { Comm, KernelBridge } from '../bridge.js';
import type { CommMessage } from '../executor/messages.js';
import { split, type Wire, type WireState } from './wire.js';

const controlTarget = 'jupyter.widget.control';

/** What the manager knows of a widget. */
export interface Managed {
  readonly id: string;
  /** The widget as its user holds it. */
  readonly owner: unknown;
  /** Its whole state, binary values in their places. */
  wire(): WireState;
}

export class WidgetManager {
  readonly #widgets = new Map<string, Managed>();
  readonly #bridge: KernelBridge;
  #drawn = false;

  constructor(bridge: KernelBridge) {
    this.#bridge = bridge;
    bridge.onCommOpen(controlTarget, (comm) => this.#answer(comm));
  }

  /** Whether a client has shown that it can draw widgets: it asked for them, or one of them answered. */
  get drawn(): boolean {
    return this.#drawn || this.#bridge.wasAskedFor(controlTarget);
  }

  /** A message came that only a client with widgets sends. */
  noteDrawn(): void {
    this.#drawn = true;
  }

  add(widget: Managed): void {
    this.#widgets.set(widget.id, widget);
  }

  remove(id: string): void {
    this.#widgets.delete(id);
  }

  /** The widget of this id, as its user holds it; undefined where there is none (any more). */
  find(id: string): unknown {
    return this.#widgets.get(id)?.owner;
  }

  #answer(comm: Comm): void {
    this.noteDrawn();
    comm.onMessage((message: CommMessage) => {
      if (message.data.method !== 'request_states') return;
      const states: Record<string, Wire> = {};
      for (const widget of this.#widgets.values()) {
        const state = widget.wire();
        states[widget.id] = {
          model_name: state._model_name ?? null,
          model_module: state._model_module ?? null,
          model_module_version: state._model_module_version ?? null,
          state,
        };
      }
      const { state, buffer_paths, buffers } = split(states);
      comm.send({ method: 'update_states', states: state, buffer_paths }, { buffers });
    });
  }
}

/** On the bridge, so that copies of this module, as a reload makes them, share one manager. */
const key: unique symbol = Symbol.for('model-types.widgets');

/** The one manager of a kernel. */
export function managerOf(bridge: KernelBridge & { [key]?: WidgetManager }): WidgetManager {
  bridge[key] ??= new WidgetManager(bridge);
  return bridge[key];
}
