// In the middle of a lesson: a cell is edited and run again, and training is stopped with the model left usable.

import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { jupyterEnvironment } from '../../src/setup/jupyter.mjs';
import { inRoot, kernelName, notebooks, pythonOf, tslabName, venv } from '../../src/setup/paths.mjs';

interface Turn {
  readonly code: string;
  /** Press Stop once this has been printed. */
  readonly stopAfter?: string;
}

interface Reply {
  readonly status: 'ok' | 'error';
  readonly stdout: string;
  readonly stderr: string;
  /** `name: message`, from kernels that send errors as such; tslab writes them to stderr. */
  readonly error: string;
  readonly seconds: number;
}

function converse(kernel: string, turns: readonly Turn[]): Promise<readonly Reply[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(pythonOf(venv), [inRoot('test', 'notebooks', 'conversation.py'), kernel], {
      cwd: notebooks,
      env: { ...jupyterEnvironment(), MODEL_TYPES_OFFLINE: '1', PYTHONDONTWRITEBYTECODE: '1' },
    });
    let [said, complained] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      complained += chunk;
    });
    child.once('close', (code) => (code === 0 ? resolve(JSON.parse(said)) : reject(new Error(complained))));
    child.stdin.end(JSON.stringify(turns));
  });
}

test.each([kernelName, tslabName])(
  'on the kernel %s training is stopped between steps, the model stays usable, and edited cells run again',
  async (kernel) => {
    const replies = await converse(kernel, [
      {
        code: `
        import { fineTune, loadDataset, loadModel } from 'model-types';
        const reviews = await loadDataset('reviews');
        const whole = await loadModel('sentence-transformers/all-MiniLM-L6-v2', { task: 'text-classification', labels: reviews.labels });
        const model = whole.keepLayers(2);
        let steps = 0;`,
      },
      {
        code: `
        const run = await fineTune(model, reviews, { epochs: 50, onStep: () => console.log('step', ++steps) });`,
        stopAfter: 'step 3\n',
      },
      {
        code: `
        const seconds = (n: number) => new Promise((resolve) => setTimeout(resolve, n * 1000));
        await seconds(2); // the step that was under way when Stop was pressed is finished
        const before = steps;
        await seconds(2);
        console.log('stopped for good:', before === steps && steps < 100);
        const [prediction] = await model.predict(['A joy from the first page to the last.']);
        const finite = prediction!.probabilities.every((p) => Number.isFinite(p));
        console.log('finite:', finite);`,
      },
      {
        // The training cell, edited: the same names declared again.
        code: `
        const few = { ...reviews, train: reviews.train.slice(0, 16), validation: reviews.validation.slice(0, 8), test: reviews.test.slice(0, 8) };
        const run = await fineTune(model, few, { epochs: 1, batchSize: 8 });
        console.log('history:', run.history.length);`,
      },
      { code: "console.log('from the edited cell:', run.history.length);" },
    ]);

    const [loaded, stopped, usable, edited, later] = replies;
    expect(loaded, loaded?.stderr).toMatchObject({ status: 'ok' });
    expect(stopped, stopped?.stderr).toMatchObject({ status: 'error' });
    expect(`${stopped?.error}\n${stopped?.stderr}`).toMatch(/interrupted/i);
    expect(stopped?.stderr).not.toContain('Unhandled');
    expect(usable?.stdout, usable?.stderr).toContain('stopped for good: true\nfinite: true\n');
    expect(edited?.stdout, edited?.stderr).toContain('history: 2');
    expect(later?.stdout, later?.stderr).toBe('from the edited cell: 2\n');
  },
  300_000,
);
