// The Python of the reference programs: .cache/bench-venv, made on first use from bench/python/requirements.txt.
import { pathToFileURL } from 'node:url';
import { packagePath } from '../src/hub/package-root.js';

interface Step {
  readonly name: string;
}
interface SetUp {
  venvStep(folder: string, requirements: string, words: { name: string; doing: string; bytes: number }): Step;
  runSteps(steps: readonly Step[], print: (line: string) => void): Promise<void>;
  pythonOf(folder: string): string;
}

/** src/setup is plain JavaScript that is not compiled: it is loaded from where it lies. */
const setUp = async <Part extends keyof SetUp>(file: string): Promise<Pick<SetUp, Part>> =>
  import(pathToFileURL(packagePath('src', 'setup', file)).href);

/**
 * The path of a Python with PyTorch and transformers. MODEL_TYPES_BENCH_PYTHON names another one, whose versions are then its
 * owner's affair.
 */
export async function referencePython(): Promise<string> {
  const given = process.env.MODEL_TYPES_BENCH_PYTHON;
  if (given) return given;
  const { venvStep } = await setUp<'venvStep'>('venv.mjs');
  const { runSteps } = await setUp<'runSteps'>('steps.mjs');
  const { pythonOf } = await setUp<'pythonOf'>('paths.mjs');
  const folder = packagePath('.cache', 'bench-venv');
  const step = venvStep(folder, packagePath('bench', 'python', 'requirements.txt'), {
    name: 'PyTorch in .cache/bench-venv',
    doing: 'installing the pinned reference packages, several minutes',
    bytes: 8e9,
  });
  await runSteps([step], console.error);
  return pythonOf(folder);
}
