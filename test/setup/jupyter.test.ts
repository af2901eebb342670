import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jupyterEnvironment, jupyterFiles } from '../../src/setup/jupyter.mjs';
import { inRoot } from '../../src/setup/paths.mjs';

test('everything Jupyter writes stays in the clone', () => {
  const { JUPYTER_CONFIG_DIR, JUPYTER_DATA_DIR, JUPYTER_RUNTIME_DIR, IPYTHONDIR } = jupyterEnvironment();
  for (const folder of [JUPYTER_CONFIG_DIR, JUPYTER_DATA_DIR, JUPYTER_RUNTIME_DIR, IPYTHONDIR]) {
    expect(folder?.startsWith(inRoot('.cache'))).toBe(true);
  }
  for (const path of Object.keys(jupyterFiles())) expect(path.startsWith(inRoot())).toBe(true);
});

test('nothing of a person’s own Python or Jupyter gets in', () => {
  const environment = jupyterEnvironment();
  for (const name of ['PYTHONPATH', 'PYTHONHOME', 'JUPYTER_PATH', 'JUPYTER_CONFIG_PATH']) {
    expect(environment).not.toHaveProperty(name);
  }
});

test('news and update checks are off, and the notebooks’ folder is there', () => {
  const settings = JSON.stringify(Object.values(jupyterFiles()));
  expect(settings).toContain('"news_url":null');
  expect(settings).toContain('NeverCheckForUpdate');
  expect(settings).toContain('"@jupyterlab/apputils-extension:announcements":true');
  expect(existsSync(inRoot('notebooks'))).toBe(true);
});
