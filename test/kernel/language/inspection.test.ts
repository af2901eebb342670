// What Shift+Tab shows. The `|` is the cursor.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CheckedNotebook } from './checked-notebook.js';

let notebook: CheckedNotebook;
beforeAll(async () => {
  notebook = await new CheckedNotebook({ 'helper.ts': '/** Helps a *lot*. */\nexport const help = 1;' }).open();
  await notebook.run(`/** Scales a **value**, see [docs](https://example.org).
 * @param value what is scaled
 */
function scale(value: number, by = 2): number {
  return value * by;
}
let count = 1; const point = { x: 1 }; type Size = 'S' | 'M';
import { help } from './helper.ts';`);
});
afterAll(() => notebook.close());

describe('inspection', () => {
  it('shows the signature and the documentation, as Markdown and as plain text', async () => {
    const found = await notebook.inspect('sca|le(1)');
    expect(found?.markdown).toContain('```typescript\nfunction scale(value: number, by?: number): number\n```');
    expect(found?.markdown).toContain('Scales a **value**');
    expect(found?.plain).toContain('function scale(value: number, by?: number): number');
    expect(found?.plain).toContain('Scales a value, see docs');
    expect(found?.plain).not.toMatch(/```|\*\*/);
  });

  it('shows names of earlier cells as they were declared', async () => {
    expect((await notebook.inspect('count| + 1'))?.plain).toBe('let count: number');
    expect((await notebook.inspect('|point'))?.plain).toBe('const point: {\n    x: number;\n}');
    expect((await notebook.inspect('let s: Size|'))?.plain).toMatch(/^type Size = "[SM]" \| "[SM]"$/);
    expect((await notebook.inspect('help|'))?.plain).toContain('Helps a lot.');
    expect((await notebook.inspect("'a'.toUpper|Case()"))?.plain).toContain('toUpperCase(): string');
  });

  it('shows inside the parentheses of a call which argument is due', async () => {
    const first = await notebook.inspect('scale(|');
    expect(first?.markdown).toMatch(/^```typescript\nscale\(value: number, by\?: number\): number\n```/);
    expect(first?.markdown).toContain('**value: number**: what is scaled');
    expect((await notebook.inspect('scale(1, |)'))?.plain).toContain('by?: number');
    expect((await notebook.inspect('const x = [1].map(|)'))?.plain).toContain('callbackfn');
  });

  it('shows with more detail where a thing is defined', async () => {
    const cell = await notebook.inspect('scale|(1)', 1);
    expect(cell?.plain).toContain('Cell 1, line 4');
    expect(cell?.plain).toContain('return value * by;');
    expect((await notebook.inspect('help|', 1))?.plain).toContain('helper.ts:2');
    expect((await notebook.inspect('const own = 1;\nown|', 1))?.plain).toContain('This cell');
  });

  it('has nothing to say about what nobody knows', async () => {
    for (const text of ['|', 'nowhere|', '1 +| 2', '// scale|']) expect(await notebook.inspect(text)).toBeUndefined();
  });

  it('works in text that does not parse', async () => {
    expect((await notebook.inspect('if (scale| {'))?.plain).toContain('function scale');
  });
});
