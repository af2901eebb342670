import { expect, test } from 'vitest';
import { interleave } from '../../bench/interleave.js';

/** A contestant whose steps take as long as it says, and a log of whose turn it was. */
function contestants(times: Readonly<Record<string, number>>) {
  const turns: string[] = [];
  const all = Object.entries(times).map(([name, milliseconds]) => ({
    name,
    run: async (steps: number) => {
      turns.push(`${name} ${steps}`);
      return Array<number>(steps).fill(milliseconds);
    },
  }));
  return { all, turns };
}

test('contestants warm up, then take turns of equal length in alternating order', async () => {
  const { all, turns } = contestants({ a: 200, b: 500 });
  await interleave(all, { warmUp: 3, rounds: 2, turn: 1000 });
  expect(turns).toEqual(['a 3', 'b 3', 'a 5', 'b 5', 'b 5', 'a 5']);
});

test('steps of the warm-up are not counted', async () => {
  const { all } = contestants({ a: 200, b: 500 });
  const times = await interleave(all, { rounds: 2 });
  expect(times).toEqual(
    new Map([
      ['a', Array(10).fill(200)],
      ['b', Array(10).fill(500)],
    ]),
  );
});

test('a turn has at least 2 steps and at most 10', async () => {
  for (const [milliseconds, steps] of [
    [5000, 2],
    [1, 10],
  ] as const) {
    const { all, turns } = contestants({ a: milliseconds });
    await interleave(all, { rounds: 1 });
    expect(turns.at(-1)).toBe(`a ${steps}`);
  }
});
