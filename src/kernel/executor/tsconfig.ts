// The options of the nearest tsconfig.json that decide what TypeScript means at run time, not only what is allowed.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { parseJsonc } from '../language/project-json.js';

const relevant = [
  'jsx',
  'jsxFactory',
  'jsxFragmentFactory',
  'jsxImportSource',
  'experimentalDecorators',
  'emitDecoratorMetadata',
  'useDefineForClassFields',
  'strict',
  'alwaysStrict',
  'verbatimModuleSyntax',
];

type Options = Record<string, unknown>;

/** As esbuild takes it (`tsconfigRaw`). */
export function runtimeOptions(file: string): { compilerOptions: Options } {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const options = read(join(folder, 'tsconfig.json'), 0);
    if (options || folder === dirname(folder)) return { compilerOptions: options ?? {} };
  }
}

function read(path: string, depth: number): Options | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  let config: { extends?: string | string[]; compilerOptions?: Options };
  try {
    config = parseJsonc(text, path) as typeof config;
  } catch {
    // The checker tells what is wrong with it.
    return {};
  }
  const options: Options = {};
  for (const base of depth < 10 ? [config.extends ?? []].flat() : [])
    Object.assign(options, read(locate(base, path), depth + 1));
  for (const name of relevant)
    if (config.compilerOptions && name in config.compilerOptions) options[name] = config.compilerOptions[name];
  return options;
}

function locate(base: string, from: string): string {
  if (/^(\.|\/|[a-z]:)/i.test(base)) return resolve(dirname(from), base.endsWith('.json') ? base : `${base}.json`);
  const require = createRequire(from);
  for (const name of [base, `${base}.json`, `${base}/tsconfig.json`]) {
    try {
      const found = require.resolve(name);
      if (found.endsWith('.json')) return found;
    } catch {
      // The next spelling.
    }
  }
  return '';
}
