// Where history is kept: one file for all kernels of a person, in Jupyter's data folder.

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * The history file; undefined where none is wanted.
 *
 * `MODEL_TYPES_KERNEL_HISTORY` names another file, or is `off`.
 */
export function historyPath(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string | undefined {
  const wanted = env.MODEL_TYPES_KERNEL_HISTORY;
  if (wanted === 'off') return undefined;
  if (wanted) return resolve(wanted);
  return join(dataFolder(env, platform), 'model-types-kernel', 'history.jsonl');
}

/** As jupyter_core's `jupyter_data_dir` has it. */
function dataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (env.JUPYTER_DATA_DIR) return resolve(env.JUPYTER_DATA_DIR);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Jupyter');
  if (platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'jupyter');
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'jupyter');
}
