// Times several contestants on the same machine in the same minutes: they take turns, a few steps each, so that a slow spell of
// the machine falls on all of them.
import { availableParallelism, loadavg } from 'node:os';

export interface Contestant {
  readonly name: string;
  /** Does that many steps and returns the milliseconds each took. */
  readonly run: (steps: number) => Promise<readonly number[]>;
}

export interface InterleaveOptions {
  /** Steps that are not counted, before the first turn. Default 3. */
  readonly warmUp?: number;
  /** Turns of each. Default 6. */
  readonly rounds?: number;
  /** Rough length of a turn of the fastest, in milliseconds; each takes the same number of steps. Default 1000. */
  readonly turn?: number;
}

/** The milliseconds of every counted step, by contestant. */
export async function interleave(
  contestants: readonly Contestant[],
  { warmUp = 3, rounds = 6, turn = 1000 }: InterleaveOptions = {},
): Promise<Map<string, number[]>> {
  const times = new Map(contestants.map(({ name }) => [name, [] as number[]]));
  let fastest = Number.POSITIVE_INFINITY;
  for (const { run } of contestants) fastest = Math.min(fastest, ...(await run(warmUp)));
  const steps = Math.min(10, Math.max(2, Math.round(turn / fastest)));
  for (let round = 0; round < rounds; round++) {
    // Who goes first changes from round to round.
    const order = round % 2 === 0 ? contestants : contestants.toReversed();
    for (const { name, run } of order) times.get(name)?.push(...(await run(steps)));
  }
  return times;
}

/** A note where the machine is. Contestants take turns, but not all suffer alike: PyTorch's threads wait for each other by spinning. */
export function busy(): string[] {
  const [cores, load] = [availableParallelism(), loadavg()[0] ?? 0];
  if (load < 0.5 * cores) return [];
  return [
    `the machine was busy at the start (load ${load.toFixed(1)} on ${cores} cores): measure again when it is quiet`,
  ];
}
