// The arguments of npm run bench -- SUITE [--case NAME] [--data DIR] [--rounds N] [--json] [--picture FILE.svg].
import { parseArgs } from 'node:util';

export interface Options {
  readonly suite: string;
  /** Only these cases; empty for all. */
  readonly cases: readonly string[];
  /** Folder with data sets that are not part of the clone. */
  readonly data: string | undefined;
  /** Turns of each contestant where a suite measures time. */
  readonly rounds: number | undefined;
  readonly json: boolean;
  /** A file for the result as bars. */
  readonly picture: string | undefined;
}

export const usage = 'npm run bench -- SUITE [--case NAME ...] [--data DIR] [--rounds N] [--json] [--picture FILE.svg]';

/** Throws an Error with the usage where the arguments do not fit. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      case: { type: 'string', multiple: true, default: [] },
      data: { type: 'string' },
      rounds: { type: 'string' },
      json: { type: 'boolean', default: false },
      picture: { type: 'string' },
    },
  });
  const [suite, ...others] = positionals;
  if (suite === undefined || others.length > 0) throw new Error(`One suite at a time: ${usage}`);
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))
    throw new Error(`--rounds takes a whole number of at least 1; got ${values.rounds}.`);
  return { suite, cases: values.case, data: values.data, rounds, json: values.json, picture: values.picture };
}

/** Those of `all` that were asked for; throws where a name is unknown. */
export function chosen<Case extends { readonly name: string }>(all: readonly Case[], names: readonly string[]): Case[] {
  const known = all.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`There is no case "${unknown}"; the cases are ${known.join(', ')}.`);
  return all.filter(({ name }) => names.length === 0 || names.includes(name));
}
