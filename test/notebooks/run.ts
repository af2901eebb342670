// Runs our commands as a person would, and gathers what they say.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../src/setup/paths.mjs';

export interface Finished {
  readonly code: number | null;
  /** What it printed, both streams as they came. */
  readonly words: string;
}

/** Runs Node with some arguments in the clone's root until it ends. */
export function runNode(args: readonly string[], env: Record<string, string> = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env } });
    let words = '';
    child.stdout.on('data', (chunk: Buffer) => {
      words += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      words += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, words }));
  });
}

/** `npm run lesson -- ...args`. */
export function runLesson(args: readonly string[], env: Record<string, string> = {}): Promise<Finished> {
  return runNode([join('src', 'setup', 'lesson.mjs'), ...args], env);
}

/** What makes every Node process of a run refuse, and write down in `log`, whatever goes beyond this machine. */
export function socketGuard(log: string): Record<string, string> {
  const guard = join(root, 'test', 'notebooks', 'socket-guard.cjs');
  // NODE_OPTIONS is split at spaces unless quoted.
  const options = `--require="${guard.replaceAll('\\', '\\\\')}"`;
  return { SOCKET_LOG: log, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${options}`.trim() };
}
