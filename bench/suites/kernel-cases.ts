// The cases of npm run bench -- kernel. Each measures its kernels in turns and keeps what it finds in bench.figures.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { eachInTurn, type KernelBench, keptRunning, named } from './kernel-bench.js';
import {
  asked,
  busyCell,
  endlessCell,
  followingCells,
  importCell,
  imported,
  importLines,
  importsNotebook,
  type Places,
  printCell,
  printedCharacters,
  printedLines,
  smallCell,
  smallNotebook,
  wrongCell,
} from './kernel-cells.js';
import type { CellResult } from './kernel-client.js';
import type { KernelCommand } from './kernel-contestants.js';

/** After an error tslab refuses what comes in the next 200 ms. */
const aborting = 300;

/** One thing to measure. */
export interface KernelCase {
  readonly name: string;
  /** Turns of each kernel where --rounds does not say. */
  readonly rounds: number;
  readonly measure: (bench: KernelBench) => Promise<void>;
}

export const kernelCases: readonly KernelCase[] = [
  { name: 'start', rounds: 7, measure: start },
  { name: 'checked', rounds: 6, measure: (bench) => smallCells(bench, named(bench, 'ours', 'tslab'), true) },
  {
    name: 'unchecked',
    rounds: 6,
    measure: (bench) => smallCells(bench, named(bench, 'ours', 'deno', 'ipykernel'), false),
  },
  { name: 'imports', rounds: 3, measure: imports },
  { name: 'language', rounds: 3, measure: (bench) => language(bench, smallNotebook) },
  { name: 'language-imports', rounds: 3, measure: (bench) => language(bench, importsNotebook) },
  { name: 'memory', rounds: 3, measure: memory },
  { name: 'output', rounds: 5, measure: output },
  { name: 'interrupt', rounds: 10, measure: interrupt },
];

/** From launching the process to the reply and idle of its first cell. The first start of each only warms the disk's cache. */
async function start(bench: KernelBench): Promise<void> {
  for (let round = -1; round < bench.rounds; round++) {
    await eachInTurn(bench, bench.commands, round, async (kernel) => {
      const milliseconds = await bench.client.start(kernel);
      await bench.client.stop(kernel.name);
      if (round >= 0) bench.figures.add(kernel.name, 'ms to the first result', milliseconds);
    });
  }
}

/** Ten small cells a turn, after three that are not counted. */
async function smallCells(bench: KernelBench, kernels: readonly KernelCommand[], checked: boolean): Promise<void> {
  let n = 0;
  const cells = async ({ name, language }: KernelCommand, count: number): Promise<number[]> => {
    const times: number[] = [];
    for (let i = 0; i < count; i++, n++) {
      const [result] = await bench.client.execute(name, [smallCell(n, { language, checked })], { lines: 1 });
      expectText(result, String(n + 12));
      times.push(result.milliseconds);
    }
    return times;
  };
  await keptRunning(bench, kernels, {
    prepare: async (kernel) => {
      const [wrong] = await bench.client.execute(kernel.name, [checked ? wrongCell : `// @ts-nocheck\n${wrongCell}`]);
      if (kernel.language === 'typescript' && (wrong?.status === 'error') !== checked)
        throw new Error(checked ? 'runs a cell with a wrong type' : `does not run an unchecked cell: ${wrong?.text}`);
      await wait(aborting);
      await cells(kernel, 3);
    },
    turn: async (kernel) => {
      bench.figures.add(kernel.name, 'ms a cell', ...(await cells(kernel, 10)));
    },
  });
}

/** The import cell of fresh kernels, beside plain Node's own import of the same, and twenty cells after it. */
async function imports(bench: KernelBench): Promise<void> {
  const { client, figures, folder, rounds } = bench;
  await writeFile(
    join(folder, 'imports.mjs'),
    `${importLines}\nexport const all = [tf, AutoTokenizer, dfd, accuracy, fineTune];\n`,
  );
  const measure =
    "const start = performance.now(); await import('./imports.mjs'); console.log(performance.now() - start);\n";
  await writeFile(join(folder, 'measure-imports.mjs'), measure);
  figures.byDifference('ms of the import cell');
  for (let round = -1; round < rounds; round++) {
    const began = performance.now();
    const { stdout } = await promisify(execFile)(process.execPath, ['measure-imports.mjs'], { cwd: folder });
    const whole = performance.now() - began;
    if (round >= 0) figures.add('node', 'ms of the import cell', Number(stdout.trim().split('\n').at(-1)));
    if (round >= 0) figures.add('node-process', 'ms of the import cell', whole);
    await eachInTurn(bench, named(bench, 'ours', 'tslab'), round, async ({ name, ...rest }) => {
      await client.start({ name, ...rest });
      try {
        await wait(1000); // as when a person reads the first lines
        const [cell] = await client.execute(name, [importCell.typescript], { lines: 1 });
        expectText(cell, imported);
        const following = (await client.run(name, followingCells)).map(({ milliseconds }) => milliseconds);
        if (round < 0) return;
        figures.add(name, 'ms of the import cell', cell.milliseconds);
        figures.add(name, 'ms a cell after it', ...following);
        figures.add(name, 'ms of the slowest after it', Math.max(...following));
        figures.add(name, 'PSS in MB after them', megabytes(await client.memory(name), 'pss'));
      } finally {
        await client.stop(name);
      }
    });
  }
}

/** Completion and inspection, while the kernel is idle and while a cell computes. */
async function language(bench: KernelBench, { cells, places }: Places): Promise<void> {
  const { client, figures } = bench;
  const ask = async ({ name, language }: KernelCommand, when: string, running?: string) => {
    const requests = places[language].flatMap((place) => [
      asked(place, 'complete_request'),
      asked(place, 'inspect_request'),
    ]);
    const answers = await client.ask(name, requests, running);
    for (const [i, request] of requests.entries()) {
      const { milliseconds, found } = answers[i] ?? { milliseconds: null, found: '' };
      const right = found.includes(request.expected);
      if (milliseconds !== null && !right)
        figures.note(`${name} does not find ${request.expected} at ${request.code} (${request.kind})`);
      const metric = `ms of ${request.kind === 'complete_request' ? 'completion' : 'inspection'}, ${when}`;
      figures.add(name, metric, right ? milliseconds : null);
    }
  };
  await keptRunning(bench, named(bench, 'ours', 'tslab', 'ipykernel'), {
    prepare: async ({ name, language }) => {
      await client.run(name, cells[language]);
    },
    turn: async (kernel, round) => {
      await ask(kernel, 'idle');
      await ask(kernel, 'while a cell runs', busyCell(round, 5, kernel.language));
    },
  });
}

/** A fresh kernel with its child processes, three seconds after its first cell. */
async function memory(bench: KernelBench): Promise<void> {
  const { client, figures, rounds } = bench;
  for (let round = 0; round < rounds; round++) {
    await eachInTurn(bench, bench.commands, round, async (kernel) => {
      await client.start(kernel);
      try {
        await wait(3000);
        const processes = await client.memory(kernel.name);
        figures.add(kernel.name, 'RSS in MB', megabytes(processes, 'rss'));
        figures.add(kernel.name, 'PSS in MB', megabytes(processes, 'pss'));
        if (round === rounds - 1 && kernel.name === 'ours')
          for (const each of processes)
            figures.note(
              `ours: ${each.command}: RSS ${megabytes([each], 'rss').toFixed(0)}, PSS ${megabytes([each], 'pss').toFixed(0)}`,
            );
      } finally {
        await client.stop(kernel.name);
      }
    });
  }
}

/** From sending a cell that prints a hundred thousand lines until all of them are here. */
async function output(bench: KernelBench): Promise<void> {
  const { client, figures } = bench;
  await keptRunning(bench, bench.commands, {
    turn: async ({ name, language }) => {
      const [cell] = await client.execute(name, [printCell[language]], { lines: printedLines, limit: 20 });
      if (!cell || cell.characters !== printedCharacters || cell.status !== 'ok')
        figures.note(`${name} shows ${cell?.lines} lines, and ends with ${cell?.status}`);
      figures.add(name, 'ms for 100,000 lines', cell?.characters === printedCharacters ? cell.milliseconds : null);
      if (cell?.status === 'late') throw new Error('the reply or idle of the cell that prints does not come');
    },
  });
}

/** From Stop to the reply and idle of a cell that would run for ever; the kernel must answer after it. */
async function interrupt(bench: KernelBench): Promise<void> {
  const { client, figures } = bench;
  await keptRunning(bench, bench.commands, {
    turn: async ({ name, language }) => {
      const milliseconds = await client.interrupt(name, endlessCell[language]);
      figures.add(name, 'ms to stop a loop', milliseconds);
      if (milliseconds === null) throw new Error('goes on after Stop');
      await wait(aborting);
      expectText((await client.execute(name, ['2 + 3'], { lines: 1 }))[0], '5');
    },
  });
}

const megabytes = (processes: readonly { readonly rss: number; readonly pss: number }[], of: 'rss' | 'pss'): number =>
  processes.reduce((sum, each) => sum + each[of], 0) / 1e6;

function expectText(result: CellResult | undefined, text: string): asserts result is CellResult {
  if (result?.status !== 'ok' || !result.text.includes(text))
    throw new Error(`a cell should say ${text}, and says: ${[...(result?.errors ?? []), result?.text].join(' ')}`);
}
