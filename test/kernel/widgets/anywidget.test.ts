// Widgets with views of one's own: the module the browser gets, and the state that both sides share.

import { expect, test } from 'vitest';
import { frontEndModule } from '../../../src/kernel/widgets/front-end-source.js';
import { anywidget, IntSlider } from '../../../src/kernel/widgets/index.js';
import { memoryKernel, tick } from './memory-bridge.js';

const esm = 'export default { render({ model, el }) { el.textContent = model.get("count"); } }';

/** Loads a module as the browser does. */
async function load(source: string): Promise<{ render: (context: object) => unknown }> {
  return (await import(`data:text/javascript,${encodeURIComponent(source)}`)).default;
}

test('the browser gets the module, the style and the state', () => {
  const client = memoryKernel();
  const widget = anywidget({ esm, css: '.a { color: red }', state: { count: 0, label: 'n' } });
  expect(client.state(widget.id)).toMatchObject({
    _model_module: 'anywidget',
    _model_name: 'AnyModel',
    _view_name: 'AnyView',
    _esm: esm,
    _css: '.a { color: red }',
    count: 0,
    label: 'n',
    layout: expect.stringMatching(/^IPY_MODEL_/),
  });
  expect(String(widget)).toBe('anywidget { count: 0, label: "n" }');
});

test('the state is live on both sides', async () => {
  const client = memoryKernel();
  const widget = anywidget({ esm, state: { count: 0, label: 'n' } });
  const changes: number[] = [];
  widget.observe(({ new: count }) => changes.push(count), 'count');
  widget.state.count += 1;
  await client.send(widget.id, { method: 'update', state: { count: 5 }, buffer_paths: [] });
  widget.set({ count: 6, label: 'm' });
  await tick();
  expect(changes).toEqual([1, 5, 6]);
  expect({ ...widget.state }).toEqual({ count: 6, label: 'm' });
  expect(client.state(widget.id)).toMatchObject({ count: 6, label: 'm' });
  expect(() => widget.set({ total: 1 } as object)).toThrow(
    'anywidget has no property "total". Its state began with count, label.',
  );
  expect(() => anywidget({ esm, state: { _esm: '' } })).toThrow(`the property "_esm" is the protocol's own`);
});

test('messages of its own go both ways, bytes too', async () => {
  const client = memoryKernel();
  const widget = anywidget({ esm, state: { count: 0 } });
  const heard: unknown[] = [];
  widget.onMessage((content, buffers) => {
    heard.push(content, ...buffers);
    widget.state.count = 3;
    widget.send({ kind: 'pong' }, [new Uint8Array([2])]);
  });
  await client.send(widget.id, { method: 'custom', content: { kind: 'ping' } }, [new Uint8Array([1])]);
  expect(heard).toEqual([{ kind: 'ping' }, new Uint8Array([1])]);
  // In the order in which they were made.
  expect(client.sent.slice(-2)).toMatchObject([
    { data: { method: 'update', state: { count: 3 } } },
    { data: { method: 'custom', content: { kind: 'pong' } }, buffers: [new Uint8Array([2])] },
  ]);
});

test('other widgets can be part of the state', () => {
  const client = memoryKernel();
  const slider = new IntSlider();
  const widget = anywidget({ esm, state: { slider } });
  expect(client.state(widget.id).slider).toBe(`IPY_MODEL_${slider.id}`);
  expect(widget.state.slider).toBe(slider);
});

test('a function is sent as its source', async () => {
  const model = { get: () => 7 };
  const el = { textContent: '' };
  type Context = { model: typeof model; el: typeof el };
  const methods = {
    draw({ model, el }: Context) {
      el.textContent = `${model.get()}`;
    },
    async drawLater({ model, el }: Context) {
      el.textContent = `${await model.get()}`;
    },
  };
  const arrow = ({ model, el }: Context) => {
    el.textContent = `${model.get()}`;
  };
  function declared({ model, el }: Context) {
    el.textContent = `${model.get()}`;
  }
  for (const render of [arrow, declared, methods.draw, methods.drawLater]) {
    el.textContent = '';
    const { render: loaded } = await load(frontEndModule(render));
    await loaded({ model, el });
    expect(el.textContent, render.toString()).toBe('7');
  }
});

test('a function of a cell runs in the browser, where the runtime of cells is not', async () => {
  // What the kernel makes of ({ el }) => { for (...) await document.ready; el.textContent = document.title; }
  const render = new Function(`return async ({ el }) => { if (stop$[0] !== 0) $.interrupt();
    for (const one of [1, 2]) { if (stop$[0] !== 0) $.interrupt(); await $.wait($.late.document.ready); }
    const read = () => (stop$[0] !== 0 && $.interrupt(), $.late.document.title);
    el.textContent = read(); }`)();
  const el = { textContent: '' };
  Object.assign(globalThis, { document: { title: 'a page', ready: Promise.resolve() } });
  try {
    await (await load(frontEndModule(render))).render({ el });
  } finally {
    Reflect.deleteProperty(globalThis, 'document');
  }
  expect(el.textContent).toBe('a page');
});

test('a function that uses variables of the notebook is refused, by their names', () => {
  const render = new Function('return ({ el }) => { el.textContent = title$.v + (0, format$.v)(title$.v); }')();
  expect(() => frontEndModule(render)).toThrow('anywidget: render uses title, format of the notebook');
  // A constant of the same cell keeps its name; what only looks like a name is none.
  const own = new Function(`return ({ el, ...rest }) => { if ($stop[0] !== 0) $.interrupt();
    title: for (const { a: [b = 1] } of rest.list) { try { el.colour = { size: b }; break title; } catch ({ code }) { console.log(code); } }
    el.textContent = scale * units.metre; }`)();
  expect(() => frontEndModule(own)).toThrow('anywidget: render uses scale, units of the notebook');
  expect(() => frontEndModule(Math.max)).toThrow('anywidget: render has no source');
});

test('code and style can be replaced while they are shown', async () => {
  const client = memoryKernel();
  const widget = anywidget({ esm, state: {} });
  widget.replace({ css: 'b {}', esm: 'export default {}' });
  await tick();
  expect(client.state(widget.id)).toMatchObject({ _css: 'b {}', _esm: 'export default {}' });
});
