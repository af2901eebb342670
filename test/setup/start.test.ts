// The commands as a person types them, where they end before anything is set up.

import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runNode } from '../notebooks/run.js';

test('npm start -- --port N on a taken port says so in one sentence and ends with 1', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { code, words } = await runNode([join('src', 'setup', 'start.mjs'), '--no-browser', '--port', String(port)]);
  server.close();
  expect(code).toBe(1);
  expect(words.trim()).toMatch(new RegExp(`^Port ${port} is taken.*npm start -- --port N\\.$`));
});
