import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askedPort, choosePort, isFree } from '../../src/setup/port.mjs';

let server: Server;
let taken: number;

beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  taken = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

test('the port is read from each of the ways JupyterLab takes it', () => {
  expect(askedPort([])).toBeUndefined();
  expect(askedPort(['--no-browser', '--port', '9000'])).toBe(9000);
  expect(askedPort(['--port=9001', '--no-browser'])).toBe(9001);
  expect(askedPort(['--ServerApp.port=9002'])).toBe(9002);
  expect(askedPort(['--port-retries=3'])).toBeUndefined();
});

test.each([['--port'], ['--port=many'], ['--port=70000'], ['--port=-1']])('%s is no port', (option) => {
  expect(() => askedPort([option])).toThrow('is no port number');
});

test('a port that was asked for and is taken is a problem that names it', async () => {
  expect(await isFree(taken)).toBe(false);
  await expect(choosePort(taken)).rejects.toThrow(`Port ${taken} is taken`);
});

test('where none was asked for, the next free one is taken', async () => {
  const port = await choosePort(undefined);
  expect(port).toBeGreaterThanOrEqual(8888);
  expect(await isFree(port)).toBe(true);
});
