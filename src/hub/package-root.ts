// Where this package lies, from its sources (src/hub) as from its build (dist/src/hub): the folder with our package.json.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The absolute path of a file or folder of the package, given from its root: `packagePath('datasets', 'reviews')`. */
export function packagePath(...parts: string[]): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'model-types') {
      return join(folder, ...parts);
    }
    if (folder === dirname(folder)) {
      throw new Error(`No package.json of model-types above ${fileURLToPath(import.meta.url)}: is the clone complete?`);
    }
  }
}
