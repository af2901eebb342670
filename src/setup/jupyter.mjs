// JupyterLab's settings: nothing asks another origin, and nothing of a person's own Jupyter gets in or is written to.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot, jupyterHome, kernelName, notebooks, venv } from './paths.mjs';
import { pythonEnvironment } from './venv.mjs';

/** @returns {Record<string, object>} path to contents */
export function jupyterFiles() {
  return {
    // As files and not as options, so that any option on the command line wins over them.
    [join(jupyterHome, 'config', 'jupyter_server_config.json')]: {
      ServerApp: {
        root_dir: notebooks,
        // Where Ctrl-C reaches it by itself (Windows), it ends without a question.
        answer_yes: true,
        port_retries: 0,
        // JupyterLab refuses to run as root, which is what containers and CI do.
        allow_root: process.getuid?.() === 0,
      },
      MultiKernelManager: { default_kernel_name: kernelName },
    },
    [join(jupyterHome, 'config', 'jupyter_lab_config.json')]: {
      LabApp: {
        news_url: null,
        check_for_updates_class: 'jupyterlab.handlers.announcements.NeverCheckForUpdate',
        extension_manager: 'readonly',
        // Lets checks in a browser read the notebook: window.jupyterapp.
        expose_app_in_browser: true,
      },
    },
    // JupyterLab runs a CommonJS yarn of its own, which Node.js would take for one of our ES modules.
    [join(venv, 'package.json')]: { type: 'commonjs' },
    [join(venv, 'etc', 'jupyter', 'labconfig', 'page_config.json')]: {
      disabledExtensions: {
        '@jupyterlab/apputils-extension:announcements': true,
        '@jupyterlab/extensionmanager-extension:plugin': true,
      },
    },
    [join(venv, 'share', 'jupyter', 'lab', 'settings', 'overrides.json')]: {
      '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false },
      // Long lines of code are wrapped, not cut off at the page's edge.
      '@jupyterlab/notebook-extension:tracker': { codeCellConfig: { lineWrap: true } },
    },
  };
}

/**
 * The environment JupyterLab and its kernels run in.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function jupyterEnvironment() {
  const { JUPYTER_PATH: _path, JUPYTER_CONFIG_PATH: _configPath, ...rest } = pythonEnvironment();
  return {
    ...rest,
    JUPYTER_CONFIG_DIR: join(jupyterHome, 'config'),
    JUPYTER_DATA_DIR: join(jupyterHome, 'data'),
    JUPYTER_RUNTIME_DIR: join(jupyterHome, 'runtime'),
    JUPYTER_NO_CONFIG: '',
    IPYTHONDIR: inRoot('.cache', 'ipython'),
  };
}

const text = (/** @type {object} */ contents) => `${JSON.stringify(contents, null, 2)}\n`;

/** @type {import('./steps.mjs').Step} */
export const jupyterSettings = {
  name: 'JupyterLab settings',
  doing: 'writing them',
  isDone: () =>
    Object.entries(jupyterFiles()).every(
      ([path, contents]) => existsSync(path) && readFileSync(path, 'utf8') === text(contents),
    ),
  run: () => {
    for (const [path, contents] of Object.entries(jupyterFiles())) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text(contents));
    }
  },
};
