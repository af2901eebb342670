// JupyterHub: a hub with its proxy is started, a person signs in, and a cell runs on the kernel of their server. The kernel is
// installed for everybody (--prefix), and packages lie outside of people's folders, where NODE_PATH finds them.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inRoot, pythonOf } from '../../../src/setup/paths.mjs';
import { clientEnvironment, skipped, why, workFolder } from './clients.js';

const token = 'a-token-of-this-test';

describe.skipIf(skipped || process.platform === 'win32')(`JupyterHub${why}`, () => {
  const folder = workFolder();
  const prefix = join(folder, 'prefix');
  const packages = join(folder, 'opt', 'node_modules');
  let hub: ChildProcess;
  let words = '';
  let origin: string;

  beforeAll(async () => {
    // A package of each kind, where an administrator would put them.
    for (const [name, type, text] of [
      ['of-modules', 'module', "export const kind = 'module';"],
      ['of-commonjs', 'commonjs', "exports.kind = 'commonjs';"],
    ] as const) {
      await mkdir(join(packages, name), { recursive: true });
      const manifest = { name, type, main: 'index.js', types: 'index.d.ts' };
      await writeFile(join(packages, name, 'package.json'), JSON.stringify(manifest));
      await writeFile(join(packages, name, 'index.js'), text);
      await writeFile(join(packages, name, 'index.d.ts'), 'export declare const kind: string;');
    }
    const install = [
      inRoot('dist', 'src', 'kernel', 'cli.js'),
      'install',
      '--prefix',
      prefix,
      '--env',
      `NODE_PATH=${packages}`,
    ];
    expect(spawnSync(process.execPath, install).status).toBe(0);

    const [port, hubPort, proxyPort] = [await freePort(), await freePort(), await freePort()];
    origin = `http://127.0.0.1:${port}`;
    await mkdir(join(folder, 'ada'));
    await writeFile(
      join(folder, 'jupyterhub_config.py'),
      `c = get_config()
c.JupyterHub.bind_url = "${origin}"
c.JupyterHub.hub_port = ${hubPort}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:${proxyPort}"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.Spawner.notebook_dir = "${join(folder, 'ada')}"
c.SimpleLocalProcessSpawner.home_dir_template = "${join(folder, 'ada')}"
c.Spawner.args = ["--allow-root"]
c.Spawner.environment = {"JUPYTER_PATH": "${join(prefix, 'share', 'jupyter')}", "MODEL_TYPES_KERNEL_HISTORY": "off"}
c.JupyterHub.services = [{"name": "test", "api_token": "${token}"}]
c.JupyterHub.load_roles = [{"name": "test", "services": ["test"],
    "scopes": ["admin:users", "admin:servers", "access:servers"]}]
`,
    );
    hub = spawn(pythonOf(process.env.KERNEL_CLIENTS ?? ''), ['-m', 'jupyterhub'], {
      cwd: folder,
      env: clientEnvironment(folder, { CONFIGPROXY_AUTH_TOKEN: token }),
    });
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        words += chunk;
        if (words.includes('JupyterHub is now running')) resolve();
      };
      hub.stdout?.on('data', hear);
      hub.stderr?.on('data', hear);
      hub.once('close', (code) => reject(new Error(`JupyterHub ended (${code}):\n${words}`)));
    });
  });
  afterAll(async () => {
    if (!hub || hub.exitCode !== null) return;
    const ended = new Promise((resolve) => hub.once('close', resolve));
    hub.kill('SIGTERM');
    await ended;
  });

  test('a cell runs on a person’s server, with packages of NODE_PATH', async () => {
    const cells = [
      'process.cwd()',
      "import { kind } from 'of-commonjs'; kind",
      "import { kind } from 'of-modules'; kind",
      'const wrong: number = kind;',
      'const n: number = 6; n * 7',
      "throw new RangeError('too far')",
    ];
    const { name, logo, replies } = await ask(cells);
    expect({ name, logo }).toEqual({ name: 'TypeScript', logo: [200, 'image/png'] });
    expect(replies, words).toEqual([
      [`'${join(folder, 'ada')}'`],
      ["'commonjs'"],
      ["'module'"],
      [expect.stringContaining("Type 'string' is not assignable to type 'number'")],
      ['42'],
      ['RangeError: too far'],
    ]);
  });

  function ask(cells: readonly string[]): Promise<{ name: string; logo: unknown; replies: string[][] }> {
    const program = inRoot('test', 'kernel', 'clients', 'hub.py');
    return new Promise((resolve, reject) => {
      const child = spawn(pythonOf(process.env.KERNEL_CLIENTS ?? ''), [program, origin, token, 'ada'], {
        env: clientEnvironment(folder),
      });
      let [said, complained] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk;
      });
      child.stderr.on('data', (chunk: Buffer) => {
        complained += chunk;
      });
      child.once('close', (code) =>
        code === 0 ? resolve(JSON.parse(said)) : reject(new Error(`${complained}\n${words}`)),
      );
      child.stdin.end(JSON.stringify(cells));
    });
  }
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
