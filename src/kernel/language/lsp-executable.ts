// Finds TypeScript's own program: a package for each platform.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ServerTrouble } from './lsp-messages.js';

/** The executable of the TypeScript that this package depends on. */
export function serverExecutable(): string {
  const require = createRequire(import.meta.url);
  const compiler = createRequire(require.resolve('typescript/package.json'));
  const platform = `@typescript/typescript-${process.platform}-${process.arch}`;
  let folder: string;
  try {
    folder = dirname(compiler.resolve(`${platform}/package.json`));
  } catch {
    throw new ServerTrouble(
      `TypeScript's language server is not there: ${platform} is not installed. Install again with optional dependencies.`,
    );
  }
  return join(folder, 'lib', process.platform === 'win32' ? 'tsc.exe' : 'tsc');
}
