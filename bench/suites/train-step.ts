// Milliseconds of one training step of a BERT classifier: ours, PyTorch, and tfjs-node where it is installed.
import { packagePath } from '../../src/hub/package-root.js';
import { busy, type Contestant, interleave } from '../interleave.js';
import { chosen, type Options } from '../options.js';
import { Program } from '../program.js';
import { referencePython } from '../python-environment.js';
import { compareTimes, type Report, type Row } from '../report.js';

/** A BERT with random weights and one full batch. */
export interface TrainStepCase {
  readonly name: string;
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly intermediate: number;
  readonly batch: number;
  /** Tokens a row, none of them padding. */
  readonly length: number;
  readonly vocabulary: number;
  /** Rate of every dropout. */
  readonly dropout: number;
}

const sizes = [
  { name: 'bert-2x128', layers: 2, hidden: 128, heads: 2, intermediate: 512, batch: 16, length: 64 },
  { name: 'bert-6x384', layers: 6, hidden: 384, heads: 12, intermediate: 1536, batch: 16, length: 64 },
  { name: 'bert-6x768', layers: 6, hidden: 768, heads: 12, intermediate: 3072, batch: 8, length: 128 },
];

/** Without dropout, as graphs are compared, and with BERT's own rate, as it is trained. */
export const cases: readonly TrainStepCase[] = [
  ...sizes.map((size) => ({ ...size, vocabulary: 30522, dropout: 0 })),
  ...sizes.map((size) => ({ ...size, name: `${size.name}-dropout`, vocabulary: 30522, dropout: 0.1 })),
];

interface Ready {
  readonly name: string;
  readonly parameters: number;
  /** Why it cannot take part. */
  readonly missing?: string;
}

interface Runner extends Contestant {
  readonly program: Program;
}

/** The programs that can run a case, ours first, and a note on each that cannot. */
async function start(one: TrainStepCase, python: string): Promise<{ runners: Runner[]; notes: string[] }> {
  const node = (file: string): [string, string[]] => [process.execPath, [packagePath('dist', 'bench', 'ours', file)]];
  const commands: [string, [string, string[]]][] = [
    ['ours', node('train-step.js')],
    ['pytorch', [python, [packagePath('bench', 'python', 'train_step.py')]]],
    ['tfjs-node', node('train-step-tfjs-node.js')],
  ];
  const runners: Runner[] = [];
  const notes: string[] = [];
  const parameters = new Map<string, number>();
  for (const [label, [command, args]] of commands) {
    const program = new Program(label, command, args);
    const ready = await program.ask<Ready>({ case: one });
    if (ready.missing !== undefined) {
      notes.push(`${label}: ${ready.missing}`);
      await program.end();
      continue;
    }
    parameters.set(label, ready.parameters);
    const run = async (steps: number) => (await program.ask<{ milliseconds: number[] }>({ steps })).milliseconds;
    runners.push({ name: ready.name, program, run });
  }
  if (new Set(parameters.values()).size !== 1)
    throw new Error(`${one.name}: the models differ in size: ${JSON.stringify(Object.fromEntries(parameters))}.`);
  return { runners, notes };
}

export async function trainStep({ cases: names, rounds }: Options): Promise<Report> {
  const wanted = chosen(cases, names);
  const python = await referencePython();
  const rows: Row[] = [];
  const notes = new Set<string>(busy());
  for (const one of wanted) {
    console.error(
      `${one.name}: ${one.layers} layers x ${one.hidden}, ${one.batch} x ${one.length}, dropout ${one.dropout}`,
    );
    const { runners, notes: found } = await start(one, python);
    for (const note of found) notes.add(note);
    try {
      const times = await interleave(runners, rounds === undefined ? {} : { rounds });
      const [ours, ...references] = [...times];
      if (ours) for (const reference of references) rows.push(compareTimes(one.name, ours[1], reference));
    } finally {
      for (const { program } of runners) await program.end();
    }
  }
  return { suite: 'train-step', rows, notes: [...notes] };
}
