// A widget's state on the wire: protocol 2.1.0 as Jupyter's widget manager speaks it.

import { expect, test } from 'vitest';
import { displaySymbol } from '../../../src/kernel/bridge.js';
import { anywidget, HBox, IntSlider, Text } from '../../../src/kernel/widgets/index.js';
import { memoryKernel, type Sent, tick, withBuffers } from './memory-bridge.js';

const plain = 'export default { render() {} }';

function updates(sent: readonly Sent[], id: string): unknown[] {
  return sent
    .filter(({ kind, commId }) => kind === 'comm_msg' && commId === id)
    .map(({ data: { method, state } }) => [method, state]);
}

test('opens a comm with its whole state, and is shown by its id', () => {
  const client = memoryKernel();
  const slider = new IntSlider({ value: 3 });
  const opened = client.sent.find(({ commId }) => commId === slider.id);
  expect(opened).toMatchObject({
    kind: 'comm_open',
    target: 'jupyter.widget',
    metadata: { version: '2.1.0' },
    data: { state: { _model_name: 'IntSliderModel', value: 3 }, buffer_paths: [] },
  });
  expect(slider[displaySymbol]()).toEqual({
    'application/vnd.jupyter.widget-view+json': { version_major: 2, version_minor: 0, model_id: slider.id },
    'text/plain': 'IntSlider { value: 3 }',
  });
});

test('changes of one tick travel in one message', async () => {
  const client = memoryKernel();
  const slider = new IntSlider();
  slider.value = 1;
  slider.value = 2;
  slider.description = 'n';
  expect(updates(client.sent, slider.id)).toEqual([]);
  await tick();
  expect(updates(client.sent, slider.id)).toEqual([['update', { value: 2, description: 'n' }]]);
  slider.value = 2;
  await tick();
  expect(updates(client.sent, slider.id)).toHaveLength(1);
});

test('a loop that never yields shows its changes all the same', () => {
  const client = memoryKernel();
  const slider = new IntSlider();
  const end = performance.now() + 130;
  while (performance.now() < end) slider.value = (slider.value + 1) % 100;
  expect(updates(client.sent, slider.id).length).toBeGreaterThanOrEqual(1);
  expect(updates(client.sent, slider.id).length).toBeLessThan(5);
});

test('what the client sends is taken, echoed and not sent back', async () => {
  const client = memoryKernel();
  const slider = new IntSlider({ value: 3 });
  const changes: unknown[] = [];
  slider.observe((change) => changes.push(change));
  await client.send(slider.id, { method: 'update', state: { value: 7 }, buffer_paths: [] });
  await tick();
  expect(slider.value).toBe(7);
  expect(changes).toEqual([{ name: 'value', old: 3, new: 7 }]);
  expect(updates(client.sent, slider.id)).toEqual([['echo_update', { value: 7 }]]);
});

test('a handler that changes the value again is heard by the client', async () => {
  const client = memoryKernel();
  const slider = new IntSlider();
  slider.observe(({ new: value }) => {
    slider.value = Math.min(value, 50);
  }, 'value');
  await client.send(slider.id, { method: 'update', state: { value: 80 }, buffer_paths: [] });
  await tick();
  expect(slider.value).toBe(50);
  expect(updates(client.sent, slider.id)).toEqual([
    ['echo_update', { value: 80 }],
    ['update', { value: 50 }],
  ]);
});

test('what does not fit is set back in the client; what nobody knows is ignored', async () => {
  const client = memoryKernel();
  const slider = new IntSlider({ value: 3, max: 10 });
  await client.send(slider.id, { method: 'update', state: { value: 70 }, buffer_paths: [] });
  await client.send(slider.id, { method: 'update', state: { colour: 'red' }, buffer_paths: [] });
  await tick();
  expect(slider.value).toBe(3);
  expect(updates(client.sent, slider.id)).toEqual([
    ['echo_update', { value: 70 }],
    ['update', { value: 3 }],
  ]);
});

test('two widgets that follow each other come to rest', async () => {
  memoryKernel();
  const [a, b] = [new IntSlider(), new IntSlider()];
  a.observe(({ new: value }) => void b.set({ value }), 'value');
  b.observe(({ new: value }) => void a.set({ value }), 'value');
  a.value = 4;
  expect([a.value, b.value]).toEqual([4, 4]);
});

test('binary values travel beside the state, however deep, and come back as they were', async () => {
  const client = memoryKernel();
  const widget = anywidget({
    esm: plain,
    state: { points: new Float32Array([1, 2.5]), more: { list: [1, new Uint8Array([7])] }, bytes: new ArrayBuffer(2) },
  });
  const opened = client.sent.find(({ commId }) => commId === widget.id) as Sent;
  expect(opened.data.buffer_paths).toEqual([['points'], ['more', 'list', 1], ['bytes']]);
  expect(opened.data.state.more).toEqual({ list: [1, null] });
  expect(opened.data.state).not.toHaveProperty('points');
  const state = withBuffers(opened);
  expect(new Float32Array((state.points as Uint8Array).slice().buffer)).toEqual(new Float32Array([1, 2.5]));

  const bytes = new Uint8Array(new Float32Array([3, 4, 5]).buffer);
  await client.send(
    widget.id,
    { method: 'update', state: { more: { list: [2, null] } }, buffer_paths: [['points'], ['more', 'list', 1]] },
    // Bytes off a pipe begin anywhere.
    [Buffer.concat([Buffer.from([0]), bytes]).subarray(1), new Uint8Array([8, 9])],
  );
  expect(widget.state.points).toEqual(new Float32Array([3, 4, 5]));
  expect(widget.state.more).toEqual({ list: [2, new Uint8Array([8, 9])] });
  const echo = client.sent.at(-1) as Sent;
  expect(echo.data.buffer_paths).toEqual([['more', 'list', 1], ['points']]);
});

test('a value changed in place is noticed where it is set again', async () => {
  const client = memoryKernel();
  const widget = anywidget({ esm: plain, state: { list: [1], pixels: new Uint8Array(2) } });
  widget.state.list.push(2);
  widget.state.pixels[0] = 9;
  widget.set({ list: widget.state.list, pixels: widget.state.pixels });
  await tick();
  expect(client.state(widget.id)).toMatchObject({ list: [1, 2], pixels: new Uint8Array([9, 0]) });
});

test('what a client could not be told is named', () => {
  memoryKernel();
  expect(() => anywidget({ esm: plain, state: { a: { b: [new Map()] } } })).toThrow('anywidget: a.b[0] is a Map');
  expect(() => anywidget({ esm: plain, state: { f: () => 1 } })).toThrow('anywidget: f is a function');
  expect(() => anywidget({ esm: plain, state: { n: 1n } })).toThrow('anywidget: n is a bigint');
});

test('a page that is loaded anew asks for all states, and each widget can be asked alone', async () => {
  const client = memoryKernel();
  const slider = new IntSlider({ value: 3 });
  const widget = anywidget({ esm: plain, state: { bytes: new Uint8Array([1, 2]), slider } });
  slider.value = 8;
  const comm = await client.open('jupyter.widget.control');
  await client.send(comm, { method: 'request_states' });
  const answer = client.sent.at(-1) as Sent;
  expect(answer).toMatchObject({ commId: comm, data: { method: 'update_states' } });
  expect(answer.data.states[slider.id]).toMatchObject({
    model_name: 'IntSliderModel',
    model_module: '@jupyter-widgets/controls',
    model_module_version: '2.0.0',
    state: { value: 8 },
  });
  expect(answer.data.states[widget.id].state.slider).toBe(`IPY_MODEL_${slider.id}`);
  expect(answer.data.states[slider.layout.id].model_name).toBe('LayoutModel');
  expect(answer.data.buffer_paths).toEqual([[widget.id, 'state', 'bytes']]);
  expect(answer.buffers).toEqual([new Uint8Array([1, 2])]);

  await client.send(slider.id, { method: 'request_state' });
  expect(client.sent.at(-1)).toMatchObject({ commId: slider.id, data: { method: 'update', state: { value: 8 } } });
});

test('closed by either side, it sends nothing more and is forgotten', async () => {
  const client = memoryKernel();
  const text = new Text({ value: 'a' });
  const box = new HBox([text]);
  text.value = 'b';
  text.close();
  text.value = 'c';
  await tick();
  const last = client.sent
    .filter(({ commId }) => commId === text.id)
    .map(({ kind, data }) => [kind, data.state?.value]);
  expect(last).toEqual([
    ['comm_open', 'a'],
    ['comm_msg', 'b'],
    ['comm_close', undefined],
  ]);
  expect(text.value).toBe('c');
  expect(text.closed).toBe(true);
  const comm = await client.open('jupyter.widget.control');
  await client.send(comm, { method: 'request_states' });
  expect(Object.keys(client.sent.at(-1)?.data.states)).toEqual([box.layout.id, box.id]);
});

test('`on` knows the names of the browser', () => {
  memoryKernel();
  const slider = new IntSlider();
  const heard: string[] = [];
  const end = slider.on('change', ({ name }) => heard.push(name));
  slider.on('change:value', ({ new: value }) => heard.push(`value ${value}`));
  slider.set({ value: 2, description: 'n' });
  end();
  slider.value = 3;
  expect(heard).toEqual(['description', 'value', 'value 2', 'value 3']);
  expect(() => slider.on('click' as 'change', () => {})).toThrow('IntSlider: no event "click"');
});
