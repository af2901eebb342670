// Runs JupyterLab until it ends or is interrupted; either way it ends with its kernels, and leaves nothing behind.

import { spawn } from 'node:child_process';
import { jupyterEnvironment } from './jupyter.mjs';
import { pythonOf, root, venv } from './paths.mjs';

/**
 * @param {readonly string[]} options for `jupyter lab`
 * @returns {Promise<number>} exit status; 0 where it was ended by Ctrl-C
 */
export function runLab(options) {
  return new Promise((resolve, reject) => {
    const posix = process.platform !== 'win32';
    const child = spawn(pythonOf(venv), ['-m', 'jupyterlab', ...options], {
      cwd: root,
      env: jupyterEnvironment(),
      stdio: 'inherit',
      // In a process group of its own, so that Ctrl-C reaches it through us alone.
      detached: posix,
    });
    let ended = false;
    /** @type {NodeJS.Signals[]} */
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const handlers = signals.map((signal) => {
      const handler = () => {
        // At SIGTERM JupyterLab shuts its kernels down first; at SIGINT, without a terminal, it leaves them behind.
        if (posix && !ended) child.kill('SIGTERM');
        ended = true;
      };
      process.on(signal, handler);
      return { signal, handler };
    });
    child.once('error', reject);
    child.once('close', (code) => {
      for (const { signal, handler } of handlers) process.off(signal, handler);
      resolve(ended ? 0 : (code ?? 1));
    });
  });
}
