// display(), what it gives, and the kinds of content, on a kernel, on tslab and in plain Node.js.

import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { toBundle } from '../../../src/kernel/display/bundle.js';
import {
  clearOutput,
  display,
  gif,
  html,
  javascript,
  jpeg,
  json,
  latex,
  markdown,
  md,
  png,
  svg,
} from '../../../src/kernel/display/index.js';
import { formsOf } from './forms.js';
import { type MemoryKernel, memoryKernel } from './memory-kernel.js';

const symbol = Symbol.for('Jupyter.display');

describe('on a kernel', () => {
  let kernel: MemoryKernel;
  beforeEach(() => {
    kernel = memoryKernel();
  });
  afterEach(() => kernel.remove());
  const texts = () => kernel.published.map(({ data }) => data['text/plain']);

  test('a value is shown at once, and replaced by update', () => {
    const shown = display(1);
    expect(kernel.published).toEqual([
      { data: { 'text/plain': '1' }, metadata: {}, transient: { display_id: shown.id }, update: false },
    ]);
    shown.update([{ a: 1 }]);
    expect(kernel.published[1]).toMatchObject({ transient: { display_id: shown.id }, update: true });
    expect(kernel.published[1]?.data['text/html']).toContain('<table');
  });

  test('with an id, metadata, or a bundle as it is', () => {
    display(png('AQID'), { id: 'cat', metadata: { 'image/png': { width: 10 } } });
    expect(kernel.published[0]).toMatchObject({
      transient: { display_id: 'cat' },
      metadata: { 'image/png': { width: 10 } },
    });
    display({ 'text/html': '<b>x</b>' }, { raw: true, id: 'cat', update: true });
    expect(kernel.published[1]).toMatchObject({ data: { 'text/html': '<b>x</b>' }, update: true });
    expect(() => display('x', { raw: true })).toThrow("takes a MIME bundle, for instance { 'text/html'");
  });

  test('undefined is shown where it is asked for; a shown output is not shown again as the result', async () => {
    const shown = display(undefined);
    expect(texts()).toEqual(['undefined']);
    expect(await toBundle(shown)).toBeUndefined();
    expect(inspect(shown)).toBe(`[Display ${shown.id}]`);
  });

  test('an object that takes its time is shown when it is ready, and before what replaces it', async () => {
    let ready: (forms: object) => void = () => {};
    const slow = { [symbol]: () => new Promise((resolve) => (ready = resolve)) };
    display(slow).update('second').update('third');
    display('other');
    expect(texts()).toEqual(["'other'"]);
    ready({ 'text/plain': 'first' });
    await vi.waitFor(() => expect(texts()).toEqual(["'other'", 'first', "'second'", "'third'"]));
  });

  test('clearOutput', () => {
    clearOutput();
    clearOutput(true);
    expect(kernel.cleared).toEqual([false, true]);
  });
});

describe('elsewhere', () => {
  test('in plain Node.js the text is printed, and clearOutput does nothing', () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    display({ a: 1 }).update(md`*b*`);
    clearOutput();
    expect(write.mock.calls.map(([text]) => text)).toEqual(['{ a: 1 }\n', '*b*\n']);
    write.mockRestore();
  });

  test('a kernel that only announces a function is given the same', () => {
    const publish = vi.fn();
    Object.assign(globalThis, { [symbol]: publish });
    const shown = display(1);
    delete (globalThis as { [symbol]?: unknown })[symbol];
    expect(publish.mock.calls).toEqual([
      [{ data: { 'text/plain': '1' }, metadata: {}, transient: { display_id: shown.id } }, false],
    ]);
  });
});

describe('content', () => {
  test.each([
    [html('<b>x</b>'), 'text/html', '<b>x</b>'],
    [markdown('*x*'), 'text/markdown', '*x*'],
    [svg('<svg></svg>'), 'image/svg+xml', '<svg></svg>'],
    [latex('$x$'), 'text/latex', '$x$'],
    [latex`\frac{1}{2}`, 'text/latex', '$$\\frac{1}{2}$$'],
    [javascript`element.append('x')`, 'text/javascript', "element.append('x')"],
    [json({ a: [1] }), 'application/json', { a: [1] }],
    [png(new Uint8Array([1, 2, 3])), 'image/png', 'AQID'],
    [jpeg('AQID'), 'image/jpeg', 'AQID'],
    [gif(Buffer.from([1, 2, 3])), 'image/gif', 'AQID'],
  ])('%s', async (value, mime, content) => {
    const forms = await formsOf(value);
    expect(forms[mime]).toEqual(content);
    expect(typeof forms['text/plain']).toBe('string');
  });

  test('what is put into HTML is text, unless it is HTML', () => {
    const rows = ['<1>', '<2>'].map((each) => html`<li>${each}</li>`);
    expect(String(html`<ul title="${'"x"'}">${rows}</ul>${null}${false}${0}`)).toBe(
      '<ul title="&quot;x&quot;"><li>&lt;1&gt;</li><li>&lt;2&gt;</li></ul>0',
    );
    expect(String(svg`<text>${'a & b'}</text>`)).toBe('<text>a &amp; b</text>');
  });

  test('Markdown takes values as they are, and code in backticks', () => {
    expect(String(md`**${0.5}** of \`x\`${['a', 'b']}`)).toBe('**0.5** of `x`ab');
  });

  test('what is no picture says so', () => {
    expect(() => png(5 as never)).toThrow('png: a picture is the bytes of a file, or these in base64; got 5.');
    expect(() => html(5 as never)).toThrow("takes a text or is a template's tag; got 5.");
  });
});
