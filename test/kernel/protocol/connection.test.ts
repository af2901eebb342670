// Connection files: what can be read, and what is said of those that cannot.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConnection, readConnectionFile } from '../../../src/kernel/protocol/connection.js';

const file = {
  shell_port: 5001,
  iopub_port: 5002,
  stdin_port: 5003,
  control_port: 5004,
  hb_port: 5005,
  ip: '127.0.0.1',
  key: 'abc',
  transport: 'tcp',
  signature_scheme: 'hmac-sha256',
  kernel_name: 'typescript',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'connection-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('tcp, ipc and IPv6 have their addresses', () => {
  expect(readConnection(file)).toEqual({
    addresses: {
      shell: 'tcp://127.0.0.1:5001',
      iopub: 'tcp://127.0.0.1:5002',
      stdin: 'tcp://127.0.0.1:5003',
      control: 'tcp://127.0.0.1:5004',
      hb: 'tcp://127.0.0.1:5005',
    },
    key: 'abc',
    signatureScheme: 'hmac-sha256',
  });
  const ipc = readConnection({ ...file, transport: 'ipc', ip: '/tmp/kernel-ipc', shell_port: 1 });
  expect(ipc.addresses.shell).toBe('ipc:///tmp/kernel-ipc-1');
  expect(readConnection({ ...file, ip: '::1' }).addresses.hb).toBe('tcp://[::1]:5005');
});

test('what may be left out has Jupyter’s defaults', () => {
  const { ip: _ip, key: _key, transport: _transport, signature_scheme: _scheme, ...rest } = file;
  expect(readConnection(rest)).toMatchObject({
    addresses: { shell: 'tcp://127.0.0.1:5001' },
    key: '',
    signatureScheme: 'hmac-sha256',
  });
});

test.each([
  [[], /an object/],
  [{ ...file, shell_port: 'x' }, /"shell_port".*"x"/],
  [{ ...file, hb_port: undefined }, /"hb_port"/],
  [{ ...file, iopub_port: 70_000 }, /"iopub_port".*70000/],
  [{ ...file, stdin_port: 1.5 }, /"stdin_port".*1\.5/],
  [{ ...file, transport: 'udp' }, /"transport".*"udp"/],
  [{ ...file, key: 5 }, /"key".*5/],
])('%j is refused', (value, reason) => expect(() => readConnection(value)).toThrow(reason));

test('a file that is missing, not JSON or wrong is named', () => {
  const missing = join(folder, 'missing.json');
  expect(() => readConnectionFile(missing)).toThrow(`${missing} cannot be read`);
  const broken = join(folder, 'broken.json');
  writeFileSync(broken, '{"shell_port"');
  expect(() => readConnectionFile(broken)).toThrow(`${broken} is not JSON`);
  writeFileSync(broken, '{}');
  expect(() => readConnectionFile(broken)).toThrow(`${broken} cannot be used`);
});
