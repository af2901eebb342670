// Models for tables on Adult: ours and the reference's with the same settings on the same rows, taking turns. What both predict is
// scored here by the same code. Data: a folder with adult_train.csv and adult_test.csv.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { packagePath } from '../../src/hub/package-root.js';
import { accuracy } from '../../src/metrics/classification.js';
import { logLoss } from '../../src/metrics/probability.js';
import { rocAuc } from '../../src/metrics/ranking.js';
import { busy } from '../interleave.js';
import { chosen, type Options } from '../options.js';
import { Program } from '../program.js';
import { tabularPython } from '../python-environment.js';
import { compareTimes, type Report, type Row } from '../report.js';
import { SAME, SEED, type TabularCase, THREADS, tabularCases } from './tabular-cases.js';
import { readAdult } from './tabular-data.js';

/** The first request: what to fit, and where the rows are. */
export interface TabularRequest {
  readonly case: TabularCase;
  /** The file of the rows, AdultData as JSON. */
  readonly data: string;
  readonly threads: number;
  readonly seed: number;
}

export interface Ready {
  /** With its version. */
  readonly name: string;
}

/** Every later request is answered by a fit of the training rows and a prediction of the test rows. */
export interface Fitted {
  /** From rows in memory to a fitted model. */
  readonly fitMilliseconds: number;
  /** Of all test rows, once for each time they were predicted. */
  readonly predictMilliseconds: readonly number[];
  /** Of the second class, one a test row. */
  readonly probabilities: readonly number[];
}

interface Side extends Ready {
  readonly program: Program;
  readonly fits: number[];
  readonly predictions: number[];
  probabilities: readonly number[];
}

export async function tabular({ cases: names, data, rounds }: Options): Promise<Report> {
  const wanted = chosen(tabularCases, names);
  if (data === undefined)
    throw new Error('The suite tabular needs --data DIR with adult_train.csv and adult_test.csv.');
  const python = await tabularPython();
  const adult = await readAdult(resolve(data));
  const folder = packagePath('.cache', 'bench', 'tabular');
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'adult.json');
  await writeFile(file, JSON.stringify(adult));

  const rows: Row[] = [];
  const notes = [
    `Adult: ${adult.train.labels.length.toLocaleString('en')} rows to learn from, ${adult.test.labels.length.toLocaleString('en')} to test on; ${THREADS} threads`,
    ...busy(),
  ];
  for (const one of wanted) {
    const request: TabularRequest = { case: one, data: file, threads: THREADS, seed: SEED };
    const ours = await start('ours', process.execPath, packagePath('dist', 'bench', 'ours', 'tabular.js'), request);
    try {
      const theirs = await start('reference', python, packagePath('bench', 'python', 'tabular.py'), request);
      try {
        await takeTurns([ours, theirs], one, rounds ?? one.fits.counted);
        rows.push(...compared(one, ours, theirs, adult.test.labels));
        notes.push(shortest(one.name, ours, theirs));
      } finally {
        await theirs.program.end();
      }
    } finally {
      await ours.program.end();
    }
  }
  // A table a metric reads better than one a case.
  const metrics = [...new Set(rows.map(({ metric }) => metric))];
  return { suite: 'tabular', rows: metrics.flatMap((name) => rows.filter(({ metric }) => metric === name)), notes };
}

async function start(label: string, command: string, file: string, request: TabularRequest): Promise<Side> {
  const program = new Program(label, command, [file], {
    OMP_NUM_THREADS: String(request.threads),
    TF_NUM_INTRAOP_THREADS: String(request.threads),
  });
  const { name } = await program.ask<Ready>(request).catch(async (error) => {
    await program.end();
    throw error;
  });
  return { name, program, fits: [], predictions: [], probabilities: [] };
}

/** Fits alternate, and so does who begins, so that a slow minute of the machine falls on both. */
async function takeTurns(sides: readonly Side[], { name, fits }: TabularCase, counted: number): Promise<void> {
  for (let turn = -fits.warmUp; turn < counted; turn++) {
    for (const side of turn % 2 === 0 ? sides : sides.toReversed()) {
      const fitted = await side.program.ask<Fitted>({ fit: turn });
      side.probabilities = fitted.probabilities;
      console.error(
        `${name}, ${side.name}: ${(fitted.fitMilliseconds / 1000).toFixed(2)} s${turn < 0 ? ', not counted' : ''}`,
      );
      if (turn < 0) continue;
      side.fits.push(fitted.fitMilliseconds);
      side.predictions.push(...fitted.predictMilliseconds);
    }
  }
}

/** On a busy machine the shortest fits compare best. */
function shortest(name: string, ours: Side, theirs: Side): string {
  const [a, b] = [Math.min(...ours.fits) / 1000, Math.min(...theirs.fits) / 1000];
  return `${name}: the shortest fits took ${a.toFixed(2)} s and ${b.toFixed(2)} s, a ratio of ${(a / b).toFixed(2)}`;
}

/** The rows of a case: both times, then what the last fits predict. */
export function compared(
  one: TabularCase,
  ours: Pick<Side, 'fits' | 'predictions' | 'probabilities'>,
  theirs: Pick<Side, 'name' | 'fits' | 'predictions' | 'probabilities'>,
  labels: readonly number[],
): Row[] {
  const seconds = (milliseconds: readonly number[]) => milliseconds.map((value) => value / 1000);
  const perRow = (milliseconds: readonly number[]) => milliseconds.map((value) => (1000 * value) / labels.length);
  const times = [
    { ...compareTimes(one.name, seconds(ours.fits), [theirs.name, seconds(theirs.fits)]), metric: 'seconds to train' },
    {
      ...compareTimes(one.name, perRow(ours.predictions), [theirs.name, perRow(theirs.predictions)]),
      metric: 'microseconds per row to predict',
    },
  ];
  const scores = Object.entries(measures).map(([metric, of]): Row => {
    const [a, b] = [of(labels, ours.probabilities), of(labels, theirs.probabilities)];
    return {
      case: one.name,
      metric,
      ours: a,
      reference: b,
      referenceName: theirs.name,
      ratio: a / b,
      difference: a - b,
    };
  });
  if (one.same !== true) return [...times, ...scores];
  const apart = ours.probabilities.map((p, row) => Math.abs(p - (theirs.probabilities[row] ?? Number.NaN)));
  const largest = apart.reduce((most, difference) => Math.max(most, difference), 0);
  return [
    ...times,
    ...scores,
    {
      case: one.name,
      metric: 'largest difference of two probabilities, in millionths',
      ours: 1e6 * largest,
      reference: 1e6 * SAME,
      referenceName: 'at most',
      ratio: largest / SAME,
    },
  ];
}

type Score = (labels: readonly number[], probabilities: readonly number[]) => number;

const measures: Readonly<Record<string, Score>> = {
  'accuracy in percent': (labels, probabilities) =>
    100 *
    accuracy(
      labels,
      probabilities.map((p) => Number(p > 0.5)),
    ),
  'ROC AUC in percent': (labels, probabilities) => 100 * rocAuc(labels, probabilities),
  'log loss in thousandths': (labels, probabilities) =>
    1000 * logLoss(labels, [probabilities.map((p) => 1 - p), probabilities]),
};
