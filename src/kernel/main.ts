// The kernel's program: node main.js CONNECTION_FILE. This process speaks the protocol and knows TypeScript; it never runs cells.
//
// What takes time to start is started first and awaited last: the executor, TypeScript's language server, the sockets.

import { History } from './dispatch/history.js';
import { Kernel } from './dispatch/kernel.js';
import { createCompiler } from './language/compile.js';
import { allowsJsx } from './language/compile-options.js';
import { warmUp } from './language/esbuild-service.js';
import { ProjectReader } from './language/project.js';
import { createLanguage } from './language/service.js';
import { readConnectionFile } from './protocol/connection.js';
import { bindSockets } from './protocol/sockets.js';

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error('usage: main.js CONNECTION_FILE (Jupyter starts it; see model-types-kernel install)');
  process.exit(2);
}

const directory = process.cwd();
warmUp();
// The settings of the notebook's folder, for the checker and the compiler alike.
const project = new ProjectReader(directory);
const language = createLanguage({ directory, project });
// A language side that fails to start fails the cells that need it, not the kernel.
language.catch(() => {});

const kernel = new Kernel({
  channels: await bindSockets(readConnectionFile(path)),
  history: new History(),
  directory,
  nodeOptions: process.execArgv,
  language,
  compile: createCompiler({ options: () => project.current().options }),
  jsx: () => allowsJsx(project.current().options),
  ended: () => process.exit(0),
});

process.on('SIGINT', () => kernel.interrupt());
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void kernel.close());

// A fault of ours goes to Jupyter's log; the notebook's variables are worth more than a clean end.
process.on('uncaughtException', (error) => console.error('model-types kernel:', error));
process.on('unhandledRejection', (reason) => console.error('model-types kernel:', reason));

// Jupyter may end without a word: then the kernel has another parent.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) void kernel.close();
}, 1000).unref();
