// Jupyter's folders without Python: on every system as jupyter_core has them, and on this one compared with it.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dataFolders, here, prefixData, systemData, userData } from '../../../src/kernel/install/jupyter-paths.js';
import { pythonOf, venv } from '../../../src/setup/paths.mjs';

const linux = { platform: 'linux', home: '/home/ada', env: {} } as const;
const mac = { platform: 'darwin', home: '/Users/ada', env: {} } as const;
const windows = {
  platform: 'win32',
  home: 'C:\\Users\\ada',
  env: { APPDATA: 'C:\\Users\\ada\\AppData\\Roaming' },
} as const;

test.each([
  ['Linux', linux, '/home/ada/.local/share/jupyter'],
  ['Linux with XDG_DATA_HOME', { ...linux, env: { XDG_DATA_HOME: '/data' } }, '/data/jupyter'],
  ['macOS', mac, '/Users/ada/Library/Jupyter'],
  [
    'macOS with JUPYTER_PLATFORM_DIRS',
    { ...mac, env: { JUPYTER_PLATFORM_DIRS: '1' } },
    '/Users/ada/Library/Application Support/Jupyter',
  ],
  ['Windows', windows, 'C:\\Users\\ada\\AppData\\Roaming\\jupyter'],
  ['anywhere with JUPYTER_DATA_DIR', { ...mac, env: { JUPYTER_DATA_DIR: '/mine' } }, '/mine'],
])('a person’s own folder on %s', (_system, place, folder) => {
  expect(userData(place)).toBe(folder);
});

test('the folders of the machine and of a prefix', () => {
  expect(systemData(linux)).toEqual(['/usr/local/share/jupyter', '/usr/share/jupyter']);
  expect(systemData(windows)).toEqual([]);
  const trusting = { ...windows, env: { PROGRAMDATA: 'C:\\ProgramData', JUPYTER_USE_PROGRAMDATA: '1' } };
  expect(systemData(trusting)).toEqual(['C:\\ProgramData\\jupyter']);
  expect(prefixData('/opt/hub', linux)).toBe('/opt/hub/share/jupyter');
});

test('JUPYTER_PATH comes first; JUPYTER_PREFER_ENV_PATH decides between a person’s own folder and the environment’s', () => {
  const own = '/home/ada/.local/share/jupyter';
  const machine = ['/usr/local/share/jupyter', '/usr/share/jupyter'];
  expect(dataFolders(linux, '/venv')).toEqual([own, '/venv/share/jupyter', ...machine]);
  expect(dataFolders(linux, '/venv', true)).toEqual(['/venv/share/jupyter', own, ...machine]);
  const env = { JUPYTER_PREFER_ENV_PATH: '0', JUPYTER_PATH: '/a:/b' };
  expect(dataFolders({ ...linux, env }, '/venv', true)).toEqual(['/a', '/b', own, '/venv/share/jupyter', ...machine]);
});

test.skipIf(!existsSync(pythonOf(venv)))('here they are the ones Jupyter itself names', () => {
  const code = 'import json, jupyter_core.paths as p; print(json.dumps([p.jupyter_data_dir(), p.jupyter_path()]))';
  const { stdout } = spawnSync(pythonOf(venv), ['-c', code], { encoding: 'utf8' });
  const [own, all] = JSON.parse(stdout) as [string, string[]];
  expect(userData(here())).toBe(own);
  expect(dataFolders(here(), venv, true)).toEqual(all);
});
