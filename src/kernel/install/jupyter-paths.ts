// The folders in which Jupyter looks for kernels, as Python's jupyter_core.paths has them, found without Python.

import { homedir } from 'node:os';
import path from 'node:path';

/** What the folders depend on: given, so that tests can stand on any system. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** This machine. */
export const here = (): Surroundings => ({ platform: process.platform, env: process.env, home: homedir() });

/** Windows' rules for paths or everybody else's. */
export const pathsOf = ({ platform }: Surroundings): path.PlatformPath =>
  platform === 'win32' ? path.win32 : path.posix;

/** Whether a variable is set to something other than 0, no, n, false or off: jupyter_core's own rule. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && !['no', 'n', 'false', 'off', '0', '0.0'].includes(value.toLowerCase());
}

/** A person's own data folder: `jupyter --data-dir`. */
export function userData(place: Surroundings): string {
  const { env, home, platform } = place;
  const { join } = pathsOf(place);
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  const modern = isOn(env.JUPYTER_PLATFORM_DIRS);
  if (platform === 'darwin') return join(home, 'Library', ...(modern ? ['Application Support'] : []), 'Jupyter');
  if (platform === 'win32') {
    if (modern) return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Jupyter');
    if (env.APPDATA) return join(env.APPDATA, 'jupyter');
    return join(env.JUPYTER_CONFIG_DIR ?? join(home, '.jupyter'), 'data');
  }
  // platformdirs ignores a relative folder; jupyter_core takes any.
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), modern ? 'Jupyter' : 'jupyter');
}

/** The data folder of a prefix: of `/usr/local`, of a virtual environment. */
export const prefixData = (prefix: string, place: Surroundings): string =>
  pathsOf(place).join(prefix, 'share', 'jupyter');

/** The data folders of the whole machine. */
export function systemData(place: Surroundings): readonly string[] {
  const { env, platform } = place;
  if (platform !== 'win32') return ['/usr/local/share/jupyter', '/usr/share/jupyter'];
  // Anybody may write to %PROGRAMDATA%, so Jupyter asks to be told that it may trust it.
  if (isOn(env.JUPYTER_USE_PROGRAMDATA) && env.PROGRAMDATA) return [pathsOf(place).join(env.PROGRAMDATA, 'jupyter')];
  return [];
}

/**
 * All data folders in the order in which Jupyter asks them: `jupyter --paths`.
 *
 * @param prefix that of the Python which Jupyter runs in, where it is known
 * @param isEnvironment whether that is a virtual environment, whose kernels Jupyter then prefers to a person's own
 */
export function dataFolders(place: Surroundings, prefix?: string, isEnvironment = false): readonly string[] {
  const { env } = place;
  const { delimiter } = pathsOf(place);
  const user = [userData(place)];
  const environment = prefix === undefined ? [] : [prefixData(prefix, place)];
  const preferred = env.JUPYTER_PREFER_ENV_PATH === undefined ? isEnvironment : isOn(env.JUPYTER_PREFER_ENV_PATH);
  const named = (env.JUPYTER_PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const both = preferred ? [...environment, ...user] : [...user, ...environment];
  return [...new Set([...named, ...both, ...systemData(place)])];
}
