// The versions this kernel names when asked.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Of the file package.json; not imported as a module, since that warns on Node 20. */
function versionIn(path: string | URL): string {
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  return version;
}

// This file runs from dist/src/kernel/dispatch.
export const kernelVersion = versionIn(new URL('../../../../package.json', import.meta.url));
export const typescriptVersion = versionIn(require.resolve('typescript/package.json'));
