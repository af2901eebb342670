// What is left of widgets in a notebook that a program ran: nbclient keeps their states, so that viewers can draw them.

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jupyterEnvironment } from '../../../src/setup/jupyter.mjs';
import { inRoot, pythonOf, venv } from '../../../src/setup/paths.mjs';

const cells = [
  `import { anywidget, Button, HBox, IntSlider, interact, Output, progress } from 'model-types/widgets';
   const slider = new IntSlider({ value: 3, max: 10 });
   slider`,
  `slider.value = 8;
   interact(({ n }) => { console.log('n is', n); return n * 2; }, { n: slider })`,
  `for (const _ of progress([1, 2, 3], { label: 'reading' })) await new Promise((resolve) => setTimeout(resolve, 120));`,
  `const bytes = anywidget({ esm: 'export default {}', state: { points: new Uint8Array([1, 2, 3]) } });
   bytes`,
  `const output = new Output();
   output.capture(() => {
     console.log('captured');
     Promise.reject(new RangeError('nobody handles this'));
   });
   console.log('not captured');
   output`,
];

const widgetView = 'application/vnd.jupyter.widget-view+json';

interface Saved {
  readonly cells: readonly { readonly outputs: readonly Record<string, never>[] }[];
  readonly metadata: {
    readonly widgets: Record<string, { readonly state: Record<string, Record<string, unknown>> }>;
  };
}

test('the saved notebook has the views, their states, and text beside them', () => {
  const folder = inRoot('out', 'widgets');
  mkdirSync(folder, { recursive: true });
  const program = inRoot('test', 'kernel', 'widgets', 'saved_state.py');
  const main = inRoot('dist', 'src', 'kernel', 'main.js');
  const { stdout, stderr, status } = spawnSync(pythonOf(venv), [program, main, folder], {
    input: JSON.stringify(cells),
    env: {
      ...jupyterEnvironment(),
      TEST_NODE: process.execPath,
      MODEL_TYPES_KERNEL_HISTORY: join(folder, 'history.jsonl'),
    },
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  const notebook = JSON.parse(stdout) as Saved;
  const { state } = notebook.metadata.widgets['application/vnd.jupyter.widget-state+json'] ?? { state: {} };
  const outputs = notebook.cells.map((cell) => cell.outputs as readonly { readonly data?: Record<string, unknown> }[]);
  const shown = (at: number) => {
    const view = outputs[at]?.at(-1)?.data?.[widgetView] as { model_id: string };
    return state[view.model_id] as { model_name: string; state: Record<string, unknown>; buffers?: unknown };
  };

  expect(shown(0)).toMatchObject({ model_name: 'IntSliderModel', state: { value: 8, max: 10 } });
  expect(outputs[0]?.[0]?.data?.['text/plain']).toMatch(/^IntSlider \{ value: 3/);

  const box = shown(1);
  expect(box.model_name).toBe('VBoxModel');
  const [slider, out] = (box.state.children as string[]).map((child) => state[child.replace('IPY_MODEL_', '')]);
  expect(slider).toMatchObject({ model_name: 'IntSliderModel' });
  expect(out).toMatchObject({
    model_name: 'OutputModel',
    state: { outputs: [{ text: 'n is 8\n' }, { data: { 'text/plain': expect.stringContaining('16') } }] },
  });

  // This client draws no widgets, so the progress bar is text, and its last state is what is kept.
  expect(outputs[2]).toHaveLength(1);
  expect(outputs[2]?.[0]?.data).toEqual({
    'text/plain': expect.stringMatching(/^reading 100% \|█{24}\| 3\/3, 0:00 in all/),
  });

  expect(shown(3)).toMatchObject({
    model_name: 'AnyModel',
    buffers: [{ path: ['points'], encoding: 'base64', data: 'AQID' }],
  });

  expect(outputs[4]?.[0]).toMatchObject({ name: 'stdout', text: 'not captured\n' });
  expect(shown(4)).toMatchObject({
    state: {
      outputs: [
        { name: 'stdout', text: 'captured\n' },
        { ename: 'RangeError', evalue: 'nobody handles this' },
      ],
    },
  });
});
