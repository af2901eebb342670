// What every case of the kernel suite works with: the client, the kernels that can take part, and their turns.
import type { KernelClient } from './kernel-client.js';
import type { KernelCommand, KernelName } from './kernel-contestants.js';
import type { Figures } from './kernel-figures.js';

export interface KernelBench {
  readonly client: KernelClient;
  readonly commands: readonly KernelCommand[];
  readonly figures: Figures;
  readonly rounds: number;
  /** The folder that kernels run in. */
  readonly folder: string;
}

/** Those of the kernels that were named and can take part. */
export const named = ({ commands }: KernelBench, ...names: readonly KernelName[]): KernelCommand[] =>
  commands.filter(({ name }) => names.includes(name));

/** Does something with each kernel that has not failed, forwards and backwards in turn. */
export async function eachInTurn(
  { figures }: KernelBench,
  kernels: readonly KernelCommand[],
  round: number,
  act: (kernel: KernelCommand) => Promise<void>,
): Promise<void> {
  for (const kernel of round % 2 === 0 ? kernels : kernels.toReversed()) {
    if (figures.hasFailed(kernel.name)) continue;
    try {
      await act(kernel);
    } catch (error) {
      figures.fail(kernel.name, error);
    }
  }
}

/** Starts the kernels, gives each its turn in each round, and ends them. */
export async function keptRunning(
  bench: KernelBench,
  kernels: readonly KernelCommand[],
  {
    prepare,
    turn,
  }: {
    readonly prepare?: (kernel: KernelCommand) => Promise<void>;
    readonly turn: (kernel: KernelCommand, round: number) => Promise<void>;
  },
): Promise<void> {
  try {
    await eachInTurn(bench, kernels, 0, async (kernel) => {
      await bench.client.start(kernel);
      await prepare?.(kernel);
    });
    for (let round = 0; round < bench.rounds; round++) {
      await eachInTurn(bench, kernels, round, (kernel) => turn(kernel, round));
    }
  } finally {
    for (const { name } of kernels) await bench.client.stop(name);
  }
}
