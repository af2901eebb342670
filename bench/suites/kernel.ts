// Our kernel beside tslab, Deno and ipykernel, through one foreign client: start, cells, imports, completion, memory, output, Stop.
import { busy } from '../interleave.js';
import { chosen, type Options } from '../options.js';
import { kernelPython } from '../python-environment.js';
import type { Report, Row } from '../report.js';
import { kernelCases } from './kernel-cases.js';
import { KernelClient } from './kernel-client.js';
import { contestants, notebookFolder } from './kernel-contestants.js';
import { Figures } from './kernel-figures.js';

export async function kernelSuite({ cases: names, rounds }: Options): Promise<Report> {
  const wanted = chosen(kernelCases, names);
  const python = await kernelPython();
  const { commands, missing } = await contestants(python);
  const folder = await notebookFolder();
  const notes = [...busy(), ...[...missing].map(([name, why]) => `${name} cannot take part: ${why}`)];
  const titles = new Map<string, string>([
    ['ours', 'ours'],
    ['node', `plain node ${process.versions.node}`],
    ['node-process', `the same, whole process`],
    ...commands.map(({ name, title }): [string, string] => [name, title]),
  ]);
  const rows: Row[] = [];
  for (const one of wanted) {
    console.error(`${one.name}: ${rounds ?? one.rounds} rounds`);
    const figures = new Figures({ case: one.name, titles });
    const client = new KernelClient(python, folder);
    try {
      await one.measure({ client, commands, figures, rounds: rounds ?? one.rounds, folder });
    } finally {
      await client.end();
    }
    rows.push(...figures.rows());
    notes.push(...figures.notes);
  }
  return { suite: 'kernel', rows, notes };
}
