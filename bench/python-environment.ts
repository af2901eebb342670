// The Pythons of the reference programs, virtual environments in .cache that are made on first use from pinned requirements.
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
  return (
    process.env.MODEL_TYPES_BENCH_PYTHON ||
    environment(packagePath('.cache', 'bench-venv'), 'requirements.txt', {
      name: 'PyTorch in .cache/bench-venv',
      doing: 'installing the pinned reference packages, several minutes',
      bytes: 8e9,
    })
  );
}

/** The path of a Python with xgboost, catboost, PyTorch and pytorch-tabnet, or that of MODEL_TYPES_BENCH_PYTHON. */
export async function tabularPython(): Promise<string> {
  return (
    process.env.MODEL_TYPES_BENCH_PYTHON ||
    environment(packagePath('.cache', 'bench-tabular'), 'tabular-requirements.txt', {
      name: 'xgboost, catboost and PyTorch in .cache/bench-tabular',
      doing: 'installing the pinned reference packages, several minutes',
      bytes: 8e9,
    })
  );
}

/** The path of a Python with jupyter_client and ipykernel. */
export const kernelPython = (): Promise<string> =>
  environment(packagePath('.cache', 'bench-kernel', 'venv'), 'kernel-requirements.txt', {
    name: 'jupyter_client and ipykernel in .cache/bench-kernel',
    doing: 'installing the pinned Python packages, about a minute',
    bytes: 400e6,
  });

async function environment(
  folder: string,
  requirements: string,
  words: { name: string; doing: string; bytes: number },
): Promise<string> {
  const { venvStep } = await setUp<'venvStep'>('venv.mjs');
  const { runSteps } = await setUp<'runSteps'>('steps.mjs');
  const { pythonOf } = await setUp<'pythonOf'>('paths.mjs');
  await runSteps([venvStep(folder, packagePath('bench', 'python', requirements), words)], console.error);
  return pythonOf(folder);
}
