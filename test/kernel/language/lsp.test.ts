// The language server as a process: it may die, or not be there.

import { chmodSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { LanguageServer } from '../../../src/kernel/language/lsp.js';
import { ServerTrouble } from '../../../src/kernel/language/lsp-messages.js';
import { CheckedNotebook } from './checked-notebook.js';

const notebooks: CheckedNotebook[] = [];
afterEach(() => {
  for (const notebook of notebooks.splice(0)) notebook.close();
});

function folder(files: Readonly<Record<string, string>> = {}): CheckedNotebook {
  const notebook = new CheckedNotebook(files);
  notebooks.push(notebook);
  return notebook;
}

/** An executable that is no language server. */
function impostor(script: string): string {
  const notebook = folder({ 'server.cjs': `#!${process.execPath}\n${script}` });
  chmodSync(notebook.path('server.cjs'), 0o755);
  return notebook.path('server.cjs');
}

describe('the language server', () => {
  it('is started again with all cells when it dies, and that is told', async () => {
    const deaths: string[] = [];
    const notebook = await folder().open({ died: (message) => deaths.push(message) });
    await notebook.run('let x = 1;\nclass K { a = 1; }');
    const { pid } = notebook.language;
    process.kill(pid as number, 'SIGKILL');
    await notebook.run('x.toFixed(); new K().a;');
    expect(notebook.language.pid).not.toBe(pid);
    expect(deaths).toEqual([expect.stringContaining('SIGKILL')]);
    expect(await notebook.error('x.nothing')).toContain('TS2339');
  });

  it('is asked again what it was asked when it died', async () => {
    const notebook = await folder().open({ died: () => {} });
    await notebook.run('const list = [1];');
    const asked = [notebook.run('list.push(2)'), notebook.complete('list.pu|'), notebook.inspect('list|')];
    process.kill(notebook.language.pid as number, 'SIGKILL');
    const [, completions, inspection] = await Promise.all(asked);
    expect(completions).toMatchObject([{ text: 'push' }]);
    expect(inspection).toMatchObject({ plain: 'const list: number[]' });
  });

  it('that is not there fails the start, with its name', async () => {
    await expect(folder().open({ executable: '/nowhere/tsc' })).rejects.toThrow(/does not start: .*ENOENT/);
  });

  it('that ends at once says why', async () => {
    const executable = impostor('console.error("no licence"); process.exit(3);');
    await expect(folder().open({ executable })).rejects.toThrow(/does not start: exit code 3: no licence/);
  });

  it('that dies at every request gives up after the second, and cells may opt out', async () => {
    const executable = impostor(`
      let read = '';
      process.stdin.on('data', (data) => {
        read += data;
        if (read.includes('textDocument/diagnostic')) process.exit(4);
        const id = /"id":(\\d+),"method":"initialize"/.exec(read)?.[1];
        if (!id) return;
        read = '';
        const body = JSON.stringify({ jsonrpc: '2.0', id: Number(id), result: { capabilities: {} } });
        process.stdout.write('Content-Length: ' + body.length + '\\r\\n\\r\\n' + body);
      });`);
    const notebook = await folder().open({ executable, died: () => {} });
    const { content } = await notebook.problem('1');
    expect(content.evalue).toContain('ended twice');
    expect(content.traceback.join('\n')).toContain('A cell that begins with // @ts-nocheck runs unchecked.');
    await notebook.run('// @ts-nocheck\n1');
  });

  it('gives up a request that is cancelled, and answers nothing once closed', async () => {
    const { folder: directory } = folder();
    const server = new LanguageServer({ directory });
    await server.start();
    server.set('a.ts', 'export const a = 1;');
    const textDocument = { uri: server.uri('a.ts') };
    expect(
      await server.request('textDocument/diagnostic', { textDocument }, { signal: AbortSignal.abort() }),
    ).toBeUndefined();
    expect(await server.request('textDocument/diagnostic', { textDocument })).toMatchObject({
      kind: 'full',
      items: [],
    });
    await expect(server.request('textDocument/nonsense', {})).rejects.toThrow(ServerTrouble);
    server.close();
    await expect(server.request('textDocument/diagnostic', { textDocument })).rejects.toThrow(/closed/);
  });
});
