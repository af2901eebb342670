// Removes what runs that were killed have left beside a folder that is made whole or not at all.
//
//   sweep(inRoot('.cache'), 'tfjs-node-', target);

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {string} parent made where it is missing
 * @param {string} prefix of the names that are looked at
 * @param {string} keep what stays; and what another process is making now: a name that ends in `.new-` and its id
 */
export function sweep(parent, prefix, keep) {
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent).filter((name) => name.startsWith(prefix))) {
    const maker = Number(/\.new-(\d+)$/.exec(name)?.[1]);
    if (maker && isAlive(maker)) continue;
    if (join(parent, name) !== keep) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
