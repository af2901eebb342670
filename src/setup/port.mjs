// Which port JupyterLab gets: the one asked for, which must be free, else the first free one from 8888 on.

import { createServer } from 'node:net';
import { Problem } from './problem.mjs';

/**
 * @param {readonly string[]} options as given after `npm start --`
 * @returns {number | undefined} the port asked for
 * @throws {Problem} where it is no port number
 */
export function askedPort(options) {
  for (const [i, option] of options.entries()) {
    const match = /^--(?:port|ServerApp\.port)(?:=(.*))?$/.exec(option);
    if (!match) continue;
    const value = match[1] ?? options[i + 1] ?? '';
    const port = Number(value);
    if (/^\d+$/.test(value) && port <= 65_535) return port;
    throw new Problem(
      `--port ${value || '(nothing)'} is no port number.`,
      'Give one from 1024 to 65535, for instance: --port 8889.',
    );
  }
  return undefined;
}

/**
 * Whether nothing on this machine listens there yet.
 *
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export async function isFree(port) {
  const free = await Promise.all(['127.0.0.1', '::1'].map((host) => canListen(port, host)));
  return free.every(Boolean);
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
function canListen(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    // A machine without IPv6 says EADDRNOTAVAIL or EAFNOSUPPORT: then nobody listens there either.
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      resolve(error.code !== 'EADDRINUSE' && error.code !== 'EACCES');
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * @param {number | undefined} asked
 * @returns {Promise<number>} a port that is free; 0, where asked for, lets the system choose
 * @throws {Problem} where the port asked for is taken
 */
export async function choosePort(asked) {
  if (asked === 0) return 0;
  if (asked !== undefined) {
    if (await isFree(asked)) return asked;
    throw new Problem(
      `Port ${asked} is taken, perhaps by another JupyterLab, or may not be opened.`,
      'Stop what uses it, or choose another: npm start -- --port N.',
    );
  }
  for (let port = 8888; port < 8988; port++) {
    if (await isFree(port)) {
      if (port !== 8888) console.log(`Port 8888 is taken: using ${port}.`);
      return port;
    }
  }
  throw new Problem('The ports 8888 to 8987 are all taken.', 'Choose another: npm start -- --port N.');
}
