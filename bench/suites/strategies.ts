// What a way to fine-tune costs: milliseconds of a step, and memory, ours and PyTorch's with peft, on a BERT of MiniLM's size.
import { packagePath } from '../../src/hub/package-root.js';
import { busy, type Contestant, interleave } from '../interleave.js';
import { chosen, type Options } from '../options.js';
import { Program } from '../program.js';
import { referencePython } from '../python-environment.js';
import { compareTimes, type Report, type Row } from '../report.js';
import type { TrainStepCase } from './train-step.js';

/** How to train; `dropout` of LoRA is that on the input of A. */
type How =
  | { readonly kind: 'full' }
  | { readonly kind: 'lora'; readonly rank: number; readonly alpha: number; readonly dropout: number }
  | { readonly kind: 'prompt'; readonly virtualTokens: number }
  | { readonly kind: 'freeze-first' | 'freeze-last'; readonly layers: number };

export interface StrategyCase extends TrainStepCase {
  readonly strategy: How;
}

const ways: readonly (readonly [name: string, how: How])[] = [
  ['full', { kind: 'full' }],
  ['lora-8', { kind: 'lora', rank: 8, alpha: 16, dropout: 0.05 }],
  ['prompt-20', { kind: 'prompt', virtualTokens: 20 }],
  ['freeze-first-3', { kind: 'freeze-first', layers: 3 }],
  ['freeze-last-3', { kind: 'freeze-last', layers: 3 }],
];

/** With BERT's dropout, as it is trained. */
const cases: readonly StrategyCase[] = ways.map(([name, strategy]) => ({
  ...{ name, layers: 6, hidden: 384, heads: 12, intermediate: 1536, batch: 16, length: 64 },
  ...{ vocabulary: 30522, dropout: 0.1, strategy },
}));

/** What a program says when it is ready to take steps. */
interface Ready {
  readonly name: string;
  /** Weights that train, counted as numbers. */
  readonly trained: number;
}

interface Memory {
  /** What gradients and the optimiser's state take. */
  readonly optimizerBytes: number;
  /** Largest resident memory so far, above that of the process with its model before training. */
  readonly peakBytes: number;
}

interface Runner extends Contestant, Ready {
  readonly program: Program;
  memory: Memory;
}

async function start(label: string, command: string, args: string[], one: StrategyCase): Promise<Runner> {
  const program = new Program(label, command, args);
  const ready = await program.ask<Ready>({ case: one });
  const runner: Runner = {
    ...ready,
    program,
    memory: { optimizerBytes: 0, peakBytes: 0 },
    async run(steps) {
      const { milliseconds, ...memory } = await program.ask<Memory & { milliseconds: number[] }>({ steps });
      runner.memory = memory;
      return milliseconds;
    },
  };
  return runner;
}

/** What is compared besides time, in MB of a million bytes. */
const measures: Readonly<Record<string, (memory: Memory) => number>> = {
  'MB of gradients and moments': ({ optimizerBytes }) => optimizerBytes / 1e6,
  'MB of memory that training adds': ({ peakBytes }) => peakBytes / 1e6,
};

export async function strategies({ cases: names, rounds }: Options): Promise<Report> {
  const wanted = chosen(cases, names);
  const python = await referencePython();
  const rows: Row[] = [];
  const notes = busy();
  for (const one of wanted) {
    console.error(`${one.name}: ${one.layers} layers x ${one.hidden}, ${one.batch} x ${one.length}`);
    const own = ['--expose-gc', packagePath('dist', 'bench', 'ours', 'strategies.js')];
    const ours = await start('ours', process.execPath, own, one);
    const theirs = await start('pytorch', python, [packagePath('bench', 'python', 'strategies.py')], one);
    try {
      if (ours.trained !== theirs.trained)
        throw new Error(`${one.name}: we train ${ours.trained} numbers and PyTorch ${theirs.trained}.`);
      notes.push(`${one.name} trains ${ours.trained.toLocaleString('en')} numbers`);
      const times = await interleave([ours, theirs], rounds === undefined ? {} : { rounds });
      const [mine = [], reference = []] = [...times.values()];
      rows.push(compareTimes(one.name, mine, [theirs.name, reference]));
      for (const [metric, of] of Object.entries(measures)) {
        const [a, b] = [of(ours.memory), of(theirs.memory)];
        rows.push({ case: one.name, metric, ours: a, reference: b, referenceName: theirs.name, ratio: a / b });
      }
    } finally {
      for (const { program } of [ours, theirs]) await program.end();
    }
  }
  // A table a metric reads better than one a case.
  const metrics = [...new Set(rows.map(({ metric }) => metric))];
  return { suite: 'strategies', rows: metrics.flatMap((name) => rows.filter(({ metric }) => metric === name)), notes };
}
