// The shim of tslab against tslab itself: the same names, and the same messages for the same calls.

import { createRequire } from 'node:module';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tslab } from '../../../src/kernel/display/tslab.js';
import { type MemoryKernel, memoryKernel } from './memory-kernel.js';

type Tslab = typeof tslab;

const require = createRequire(import.meta.url);
const real = require('tslab') as Tslab;
/** Where tslab's own display functions send their messages. */
const wire = require('tslab/dist/jupyter.js') as {
  lastWriteDisplayData: ((content: object, update: boolean | undefined) => void) | null;
};

let kernel: MemoryKernel;
beforeEach(() => {
  kernel = memoryKernel();
});
afterEach(() => kernel.remove());

const kinds = ['javascript', 'html', 'markdown', 'latex', 'svg', 'text'] as const;
const files = ['png', 'jpeg', 'gif', 'pdf'] as const;

test('it has the names that tslab has', () => {
  expect(Object.keys(tslab).sort()).toEqual(Object.keys(real).sort());
  expect(Object.keys(tslab.versions).sort()).toEqual(Object.keys(real.versions).sort());
  const methods = (value: object) => Object.getOwnPropertyNames(Object.getPrototypeOf(value)).sort();
  expect(methods(tslab.display)).toEqual(methods(real.display));
  expect(tslab.versions.tslab).toBe(real.versions.tslab);
  expect(tslab.versions.node).toBe(process.version);
  expect(tslab.versions.typescript).toMatch(/^\d+\.\d+\.\d+/);
});

test('it sends what tslab sends', () => {
  const sent: object[] = [];
  wire.lastWriteDisplayData = (content, update) => sent.push({ ...content, update: update ?? false });
  const use = ({ display }: Tslab) => {
    for (const kind of kinds) display[kind](`<${kind}>`);
    for (const file of files) display[file](new Uint8Array([1, 2, 3]));
    display.png(Buffer.from([255, 254]));
    display.raw('text/x', 'as it is');
    display.raw('application/x', new Uint8Array([9]));
  };
  use(real);
  use(tslab);
  wire.lastWriteDisplayData = null;
  const plain = (list: object[]) => list.map((each) => JSON.parse(JSON.stringify(each)));
  expect(plain(kernel.published)).toEqual(plain(sent));
  expect(sent).toHaveLength(kinds.length + files.length + 3);
});

test('a display of its own replaces what it showed', () => {
  const display = tslab.newDisplay();
  display.text('one');
  display.text('two');
  tslab.newDisplay().text('three');
  const [first, second, third] = kernel.published;
  expect([first?.update, second?.update, third?.update]).toEqual([false, true, false]);
  expect(first?.transient.display_id).toMatch(/^[0-9a-f]{16}$/);
  expect(second?.transient).toEqual(first?.transient);
  expect(third?.transient).not.toEqual(first?.transient);
});

test('without a kernel it fails as tslab does', () => {
  kernel.remove();
  expect(() => tslab.display.text('x')).toThrow('Not ready');
  expect(() => real.display.text('x')).toThrow('Not ready');
});
