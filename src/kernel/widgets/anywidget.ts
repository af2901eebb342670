// Widgets whose view you write yourself, in JavaScript for the browser, by the contract of anywidget (anywidget.dev):
//
//   anywidget({ esm: `export default { render({ model, el }) { ... } }`, state: { count: 0 } })
//
// The state is the same on both sides: `model.get('count')`, `model.set(...)`, `model.save_changes()` there, `widget.state.count` here.

import { quote } from './fields.js';
import { frontEndModule } from './front-end-source.js';
import { Layout } from './looks.js';
import type { State } from './model.js';
import { requiredKernel } from './required-kernel.js';
import { isWidget, Widget } from './widget.js';

/** The state as the browser's side sees it. */
export interface FrontEndModel<S extends object> {
  get<K extends keyof S & string>(name: K): S[K];
  set<K extends keyof S & string>(name: K, value: S[K]): void;
  /** Sends what was set. */
  save_changes(): void;
  on(event: `change:${keyof S & string}` | 'change', handler: () => void): void;
  on(event: 'msg:custom', handler: (content: unknown, buffers: readonly DataView[]) => void): void;
  off(event?: string | null, handler?: ((...values: never[]) => void) | null): void;
  send(content: unknown, callbacks?: unknown, buffers?: readonly (ArrayBuffer | ArrayBufferView)[]): void;
}

/** An element of the page: the DOM's type where the notebook's tsconfig.json has the DOM library, else the little that views need. */
export type FrontEndElement = typeof globalThis extends { HTMLElement: { prototype: infer E } } ? E : BareElement;

interface BareElement {
  innerHTML: string;
  textContent: string | null;
  className: string;
  readonly style: Record<string, string>;
  readonly classList: {
    add(...names: string[]): void;
    remove(...names: string[]): void;
    toggle(name: string): boolean;
  };
  readonly ownerDocument: { createElement(tag: string): BareElement & Record<string, unknown> };
  append(...children: (BareElement | string)[]): void;
  setAttribute(name: string, value: string): void;
  querySelector(selector: string): (BareElement & Record<string, unknown>) | null;
  addEventListener(event: string, handler: (event: Record<string, unknown>) => void): void;
}

/** Draws the view; may give a function (or a promise of one) that is called when the view goes. */
export type Render<S extends object> = (context: {
  readonly model: FrontEndModel<S>;
  readonly el: FrontEndElement;
}) => unknown;

export interface AnyWidgetOptions<S extends object> {
  /** An ES module that exports `{ render }` as its default, or the function `render` itself, which may use nothing around it. */
  readonly esm: string | Render<S>;
  readonly css?: string;
  /** Properties with their first values: JSON, typed arrays, widgets. None can be added later. */
  readonly state: S;
  readonly layout?: Layout | ConstructorParameters<typeof Layout>[0];
  /** How its text calls it. */
  readonly name?: string;
}

export class AnywidgetWidget<S extends object> extends Widget<S> {
  /** The properties, live: `widget.state.count += 1`. */
  readonly state: S;
  readonly #name: string;
  readonly #layout: Layout | undefined;

  constructor({ esm, css = '', state, layout, name = 'anywidget' }: AnyWidgetOptions<S>) {
    const reserved = Object.keys(state).find((key) => key.startsWith('_') || key === 'layout');
    if (reserved)
      throw new TypeError(`anywidget: the property "${reserved}" is the protocol's own; choose another name`);
    requiredKernel('anywidget');
    const module = typeof esm === 'string' ? esm : frontEndModule(esm);
    const made = isWidget(layout) ? undefined : new Layout(layout);
    super({
      kind: name,
      state: {
        ...identity,
        _esm: module,
        _css: css,
        // The front end keeps one style sheet for each id.
        _anywidget_id: `${name}-${crypto.randomUUID()}`,
        layout: made ?? layout,
        ...state,
      },
      property: (wire) => (wire.startsWith('_') || !(wire in state) ? undefined : wire),
    });
    this.#name = name;
    this.#layout = made;
    this.state = Object.defineProperties(
      {},
      Object.fromEntries(
        Object.keys(state).map((key) => [
          key,
          {
            enumerable: true,
            get: () => this.model.get(key),
            set: (value: unknown) => this.model.set({ [key]: value }),
          },
        ]),
      ),
    ) as S;
    Object.preventExtensions(this.state);
  }

  get<K extends keyof S & string>(name: K): S[K] {
    return this.state[name];
  }

  /** Sets several properties at once; the view hears of them in one message. */
  set(values: Partial<S>): void {
    const unknown = Object.keys(values).find((key) => !(key in this.state));
    if (unknown !== undefined) {
      const known = Object.keys(this.state).join(', ');
      throw new TypeError(`${this.#name} has no property "${unknown}". Its state began with ${known}.`);
    }
    this.model.set(values as State);
  }

  /** Sends a message to the view, which hears it by `model.on('msg:custom', handler)`. */
  send(content: unknown, buffers: readonly Uint8Array[] = []): void {
    this.model.send(content, buffers);
  }

  /** Calls `handler` with what the view sends by `model.send(content)`. @returns a function that ends this */
  onMessage(handler: (content: unknown, buffers: readonly Uint8Array[]) => unknown): () => void {
    return this.onCustom(handler);
  }

  /** Replaces the view's code or style, in the views that are shown too. */
  replace({ esm, css }: { readonly esm?: string | Render<S>; readonly css?: string }): void {
    this.model.set({
      ...(esm === undefined ? {} : { _esm: typeof esm === 'string' ? esm : frontEndModule(esm) }),
      ...(css === undefined ? {} : { _css: css }),
    });
  }

  override close(): void {
    super.close();
    this.#layout?.close();
  }

  override toString(): string {
    return `${this.#name} ${quote(this.state)}`;
  }
}

const identity = {
  _model_module: 'anywidget',
  // Whichever version the server has.
  _model_module_version: '*',
  _model_name: 'AnyModel',
  _view_count: null,
  _view_module: 'anywidget',
  _view_module_version: '*',
  _view_name: 'AnyView',
  _dom_classes: [],
  tabbable: null,
  tooltip: null,
};

/** Makes a widget with a view of your own; see the head of this file. Needs the Python package `anywidget` beside JupyterLab. */
export function anywidget<S extends object>(options: AnyWidgetOptions<S>): AnywidgetWidget<S> {
  return new AnywidgetWidget(options);
}
