/**
 * Gets a wheel from the Python package index, or from whatever index and proxy the user's pip is set up for. Nothing of it
 * is run: wheels only, no dependencies, and it is not installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { packagePath } from './package-root.js';

/** pip is given up when nothing has arrived for this long. */
const STALL_MS = 60_000;

/**
 * Downloads into `folder`, which must exist; whoever asks removes it.
 * @param onBytes bytes arrived so far, every half second
 * @param signal ends pip
 * @returns the wheel's path
 * @throws Error whose message says in half a sentence why
 */
export async function pipDownload(
  requirement: string,
  folder: string,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const [program, ...before] = findPip();
  const destination = join(folder, 'wheel');
  // pip gathers what comes in its temporary folder: in ours its progress can be seen, and nothing is left elsewhere.
  const scratch = join(folder, 'pip');
  await mkdir(destination, { recursive: true });
  await mkdir(scratch, { recursive: true });
  const options = '--no-deps --only-binary :all: --disable-pip-version-check --no-input --retries 1 --timeout 15';
  const args = [...before, '-m', 'pip', 'download', ...options.split(' '), '--dest', destination, requirement];
  const env = { ...process.env, TMPDIR: scratch, TEMP: scratch, TMP: scratch };
  const child = spawn(program!, args, { env, stdio: ['ignore', 'ignore', 'pipe'], signal });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  let reached = 0;
  let lastGrowth = Date.now();
  const watch = setInterval(async () => {
    const bytes = await bytesIn(folder);
    if (bytes > reached) {
      reached = bytes;
      lastGrowth = Date.now();
      onBytes(bytes);
    } else if (Date.now() - lastGrowth > STALL_MS) {
      complaints += `\nERROR: nothing came for ${STALL_MS / 1000} seconds`;
      child.kill();
    }
  }, 500);
  try {
    const code = await new Promise((done, fail) => child.on('error', fail).on('close', done));
    if (code !== 0) throw new Error(`pip could not download ${requirement}: ${summary(complaints)}`);
  } finally {
    clearInterval(watch);
  }
  const wheel = (await readdir(destination)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error(`pip gave no wheel for ${requirement}`);
  return join(destination, wheel);
}

/** A Python with pip: the one in `PYTHON`, the project's own, or the system's. */
function findPip(): readonly string[] {
  const own = process.platform === 'win32' ? ['.venv', 'Scripts', 'python.exe'] : ['.venv', 'bin', 'python'];
  const candidates = [[packagePath(...own)], ['python3'], ['python'], ['py', '-3']];
  if (process.env.PYTHON) candidates.unshift([process.env.PYTHON]);
  for (const [program, ...args] of candidates) {
    const { status } = spawnSync(program!, [...args, '-m', 'pip', '--version'], { stdio: 'ignore', timeout: 30_000 });
    if (status === 0) return [program!, ...args];
  }
  throw new Error('no Python with pip was found; run `npm run setup`, or name one in PYTHON');
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      (found) => (found.isFile() ? found.size : 0),
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** The one line of pip's complaints that matters. */
function summary(complaints: string): string {
  if (/NewConnectionError|ConnectTimeout|NameResolutionError|ProxyError|Max retries exceeded/.test(complaints)) {
    return 'the package index cannot be reached';
  }
  const lines = complaints.trim().split('\n');
  const error = lines.findLast((line) => line.startsWith('ERROR: ')) ?? lines.at(-1) ?? '';
  return error.replace('ERROR: ', '').slice(0, 300) || 'it gave no reason';
}
