// What a cell shows of a value: text as Node.js writes it, richer forms where the value has some, and never an exception.

import { AsyncLocalStorage } from 'node:async_hooks';
import { format, inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { bundleOf, toBundle } from '../../../src/kernel/display/bundle.js';
import { displayOptions } from '../../../src/kernel/display/options.js';
import { writePromisesPlainly } from '../../../src/kernel/display/promises.js';
import { formsOf, plain } from './forms.js';

const display = Symbol.for('Jupyter.display');

describe('plain values are text exactly as util.inspect writes it', () => {
  class Point {
    x = 1;
    y = 2;
  }
  const cyclic: Record<string, unknown> = { name: 'me' };
  cyclic.self = cyclic;
  test.each([
    [6, '6'],
    [-0, '-0'],
    [Number.NaN, 'NaN'],
    [10n, '10n'],
    ['ok', "'ok'"],
    ["it's", '"it\'s"'],
    [true, 'true'],
    [null, 'null'],
    [Symbol('s'), 'Symbol(s)'],
    [[1, 2], '[ 1, 2 ]'],
    [[], '[]'],
    [{ a: 1 }, '{ a: 1 }'],
    [{}, '{}'],
    [[[1], ['a', null]], "[ [ 1 ], [ 'a', null ] ]"],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Date(Number.NaN), 'Invalid Date'],
    [/a+/g, '/a+/g'],
    [new Map([['a', 1]]), "Map(1) { 'a' => 1 }"],
    [new Set([1, 2]), 'Set(2) { 1, 2 }'],
    [new Point(), 'Point { x: 1, y: 2 }'],
    [new Float32Array([1, 2.5]), 'Float32Array(2) [ 1, 2.5 ]'],
    [Buffer.from('hi'), '<Buffer 68 69>'],
    [Point, '[class Point]'],
    [Object.create(null), '[Object: null prototype] {}'],
    [cyclic, "<ref *1> { name: 'me', self: [Circular *1] }"],
  ])('%s', async (value, text) => {
    expect(await toBundle(value)).toEqual({ data: { 'text/plain': text }, metadata: {} });
    expect(inspect(value)).toBe(text);
  });

  test('a URL, a weak map, an iterator', async () => {
    for (const value of [
      new URL('https://example.org/a?b=1'),
      new WeakMap(),
      [1][Symbol.iterator](),
      new ArrayBuffer(4),
    ])
      expect(await plain(value)).toBe(inspect(value));
  });

  test('undefined is not shown', async () => {
    expect(await toBundle(undefined)).toBeUndefined();
  });

  test('without colours, whatever the environment says', async () => {
    vi.stubEnv('FORCE_COLOR', '3');
    expect(await plain({ a: 'text' })).toBe("{ a: 'text' }");
    vi.unstubAllEnvs();
  });
});

describe('what is not for everybody to read at once', () => {
  const before = displayOptions();
  afterEach(() => {
    displayOptions(before);
  });

  test('a promise is not awaited: it says how to', async () => {
    expect(await plain(new Promise(() => {}))).toBe(
      'Promise { <pending> }\n(A promise: write `await` before it to see its value.)',
    );
    expect(await plain(Promise.resolve(5))).toMatch(/^Promise \{ 5 \}\n.*await/);
  });

  test('what Node.js notes on promises and timers for each cell is not shown', async () => {
    writePromisesPlainly();
    await new AsyncLocalStorage().run({ cell: 1 }, async () => {
      expect(await plain(Promise.resolve(5))).toMatch(/^Promise \{ 5 \}\n/);
      for (const _ of ['first', 'again'])
        expect(await plain({ later: Promise.resolve([1]) })).toBe('{ later: Promise { [ 1 ] } }');
      expect(format(Promise.resolve(new Map([['a', 1]])))).toBe("Promise { Map(1) { 'a' => 1 } }");
      const timer = setTimeout(() => {}, 0);
      expect(await plain(timer)).not.toContain('kResourceStore');
      clearTimeout(timer);
    });
    expect(inspect(Promise.prototype)).toBe('Object [Promise] {}');
    expect(inspect(Object.freeze(Promise.resolve(1)))).toMatch(/^Promise \{\s+1/);
    delete (Promise.prototype as { [inspect.custom]?: unknown })[inspect.custom];
  });

  test('a thenable is not awaited either', async () => {
    const called = vi.fn();
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
    expect(await plain({ then: called })).toContain('then:');
    expect(called).not.toHaveBeenCalled();
  });

  test('a function is shown with its head', async () => {
    function add(a: number, { b = 1 } = {}) {
      return a + b;
    }
    expect(await plain(add)).toBe('[Function: add]\nfunction add(a, { b = 1 } = {}) { ... }');
    expect(await plain((x: number) => x)).toBe('[Function (anonymous)]\n(x) => ...');
    expect(await plain(Math.max)).toBe('[Function: max]');
    // As the compiler of cells leaves it.
    expect(await plain(new Function('x = limit$.v', 'y = (0, f$.v)(1)', ''))).toContain('x = limit,y = f(1)');
  });

  test('a deep value says how to see more of it', async () => {
    expect(await plain({ a: { b: { c: { d: 1 } } } })).toBe(
      '{ a: { b: { c: [Object] } } }\n(Not all of it: displayOptions({ depth: 6 }) shows more.)',
    );
    displayOptions({ depth: 6 });
    expect(await plain({ a: { b: { c: { d: 1 } } } })).toBe('{\n  a: { b: { c: { d: 1 } } }\n}');
    // What only looks like it is no reason for a word.
    displayOptions(before);
    const getter = Object.defineProperty({}, 'x', { get: () => 1, enumerable: true });
    expect(await plain([getter, '[Object]', 'a: [Object]'])).not.toContain('Not all');
  });

  test('a long array, a long string and a long typed array are cut', async () => {
    const long = Array.from({ length: 1000 }, (_, index) => index);
    expect(await plain(long)).toMatch(
      /\.\.\. 900 more items\n\]\n\(Not all of it: displayOptions\(\{ maxArrayLength: 1000 \}\)/,
    );
    expect(await plain('x'.repeat(20_000))).toMatch(/'\.\.\. 10000 more characters$/);
    expect(await plain(Float32Array.from(long))).toBe(
      'Float32Array(1000) [ 0, 1, 2, 3, 4, 5, 6, 7, ..., 996, 997, 998, 999 ]',
    );
  });

  test('a giant text is cut with a word on how to see all of it', async () => {
    const vocabulary = Object.fromEntries(Array.from({ length: 30_000 }, (_, id) => [`token${id}`, id]));
    const text = await plain(vocabulary);
    expect(text.length).toBeLessThan(51_000);
    expect(text).toMatch(/characters are not shown: displayOptions\(\{ maxCharacters: \d+ \}\) shows all\)$/);
  });

  test('settings that are none say so', () => {
    expect(() => displayOptions({ depth: -1 })).toThrow(
      'depth is a number of at least 0 (Infinity for no limit); got -1',
    );
    expect(() => displayOptions({ rows: 1 } as object)).toThrow("there is no 'rows'. There are depth, maxArrayLength");
  });
});

describe('objects that show themselves', () => {
  test('by Symbol.for("Jupyter.display"), at once or later', async () => {
    const forms = { 'text/html': '<b>hi</b>', 'text/plain': 'hi' };
    expect(await formsOf({ [display]: () => forms })).toEqual(forms);
    expect(await formsOf({ [display]: async () => forms })).toEqual(forms);
    class Model {
      name = 'm';
      [display]() {
        return { 'text/plain': this.name };
      }
    }
    expect(await formsOf(new Model())).toEqual({ 'text/plain': 'm' });
    expect(await formsOf(Object.assign(() => {}, { [display]: () => forms }))).toEqual(forms);
  });

  test('one that gives nothing is not shown', async () => {
    expect(await toBundle({ [display]: () => undefined })).toBeUndefined();
    expect(await toBundle({ [display]: async () => undefined })).toBeUndefined();
  });

  test('bytes in a bundle become base64, typed arrays in JSON become arrays, functions go', async () => {
    const shown = await formsOf({
      [display]: () => ({
        'image/png': new Uint8Array([1, 2, 3]),
        'application/json': { x: new Float32Array([0.5]), f: () => 1, big: 7n, when: new Date(0), no: undefined },
      }),
    });
    expect(shown).toEqual({
      'image/png': 'AQID',
      'application/json': { x: [0.5], big: 7, when: '1970-01-01T00:00:00.000Z' },
    });
  });

  test.each([
    [
      'throws',
      () => {
        throw new RangeError('no rows');
      },
      /of this Broken failed: RangeError: no rows/,
    ],
    [
      'rejects',
      async () => {
        throw new RangeError('no rows');
      },
      /of this Broken failed: RangeError: no rows/,
    ],
    [
      'throws no error',
      () => {
        throw null;
      },
      /of this Broken failed: null/,
    ],
    ['gives a text', () => 'hi', /of this Broken failed: TypeError: it returned no MIME bundle/],
    ['gives no MIME types', () => ({ html: 'x' }), /it returned no MIME bundle/],
  ])('a method that %s is told of, with the value itself', async (_, show, expected) => {
    class Broken {
      rows = 0;
      [display]() {
        return show();
      }
    }
    const text = await plain(new Broken());
    expect(text).toMatch(expected);
    expect(text).toMatch(/Broken \{ rows: 0 \}$/);
  });

  test('a trace leads to the line that threw', async () => {
    const show = () => {
      throw new Error('here');
    };
    expect(await plain({ [display]: show })).toMatch(/at .*bundle\.test\.ts:\d+/);
  });

  test('by the methods that IJavascript calls', async () => {
    expect(await formsOf({ _toHtml: () => '<i>x</i>' })).toMatchObject({ 'text/html': '<i>x</i>' });
    expect(await formsOf({ _toMime: () => ({ 'text/markdown': '*x*' }) })).toEqual({ 'text/markdown': '*x*' });
    expect(
      await plain({
        _toSvg: () => {
          throw new Error('no');
        },
      }),
    ).toMatch(/could not show itself: Error: no/);
  });

  test('as an element or a canvas', async () => {
    class Element {
      tagName = 'DIV';
      get outerHTML() {
        return '<div>x</div>';
      }
      getAttribute() {}
      querySelector() {}
    }
    expect(await formsOf(new Element())).toEqual({ 'text/html': '<div>x</div>', 'text/plain': '[<div> element]' });
    class Canvas {
      getContext() {}
      toDataURL() {
        return 'data:image/png;base64,AQID';
      }
    }
    expect(await formsOf(new Canvas())).toEqual({ 'image/png': 'AQID', 'text/plain': '[Canvas]' });
  });
});

describe('nothing that is looked at fails or runs', () => {
  test('no getter', async () => {
    const touched = vi.fn();
    const names = [
      'data',
      'layout',
      'shape',
      'dtype',
      'dims',
      'type',
      'width',
      'values',
      '$schema',
      'toSpec',
      'outerHTML',
    ];
    const value = {};
    for (const name of names) Object.defineProperty(value, name, { get: touched, enumerable: true });
    await toBundle(value);
    await toBundle([value, value]);
    await toBundle(new Map([['a', value]]));
    expect(touched).not.toHaveBeenCalled();
  });

  const hostile = new Proxy(
    {},
    { get: fail, has: fail, ownKeys: fail, getOwnPropertyDescriptor: fail, getPrototypeOf: fail },
  );
  const anything: object = new Proxy(() => anything, { get: () => anything, apply: () => anything });
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  function fail(): never {
    throw new Error('hands off');
  }
  test.each([
    ['a proxy that refuses', hostile],
    ['a proxy that has everything', anything],
    ['a revoked proxy', revoked.proxy],
    ['an inspect method that throws', { [inspect.custom]: fail }],
    ['a toString that throws', { toString: fail, toJSON: fail, valueOf: fail }],
    ['a constructor that is a getter', Object.defineProperty({}, 'constructor', { get: fail })],
    ['the global object', globalThis],
    ['an error without a message', Object.assign(new Error('x'), { message: undefined, stack: 5 })],
    ['a function that is a proxy', new Proxy(() => {}, { get: fail })],
    ['an array of proxies', [hostile, hostile]],
    ['a Map of proxies', new Map([[hostile, hostile]])],
    ['a typed array without memory', detached()],
  ])('%s', async (_, value) => {
    expect(typeof (await plain(value))).toBe('string');
  });

  function detached(): Uint8Array {
    const bytes = new Uint8Array(8);
    structuredClone(bytes, { transfer: [bytes.buffer] });
    return bytes;
  }
});

test('errors as values are shown with their trace', async () => {
  const error = new TypeError('wrong', { cause: new Error('because') });
  const text = await plain(error);
  expect(text).toContain('TypeError: wrong\n    at ');
  expect(text).toContain('[cause]: Error: because');
});

test('a form that is too large is left out, with a word on how to save it', async () => {
  const text = await plain({ [display]: () => ({ 'text/html': 'x'.repeat(11_000_000), 'text/plain': 'a page' }) });
  expect(text).toMatch(
    /^a page\n\(Its form text\/html has 11\.0 MB, and is not shown.*writeFileSync\('value\.html', \.\.\.\)/,
  );
  const data = { x: new Float64Array(5_000_000) };
  const figure = await formsOf({ data: [data], layout: {} });
  expect(Object.keys(figure)).toEqual(['text/plain']);
  expect(figure['text/plain']).toMatch(/plotly\.v1\+json has more than 10\.0 MB/);
});

test('a plain value takes less than a tenth of a millisecond', () => {
  for (let turn = 0; turn < 1000; turn++) bundleOf(turn);
  const start = performance.now();
  for (let turn = 0; turn < 1000; turn++) bundleOf(turn);
  expect((performance.now() - start) / 1000).toBeLessThan(0.1);
});
