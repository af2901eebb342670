// The nearest tsconfig.json decides how cells are checked and compiled, also while the kernel runs.

import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ProjectReader } from '../../../src/kernel/language/project.js';
import { parseJsonc } from '../../../src/kernel/language/project-json.js';
import { CheckedNotebook } from './checked-notebook.js';

const folders: CheckedNotebook[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.close();
});

/** What is read of a folder with these files, from the subfolder `notes` of it. */
function read(files: Readonly<Record<string, string>>, from = 'notes') {
  const folder = new CheckedNotebook({ 'notes/a.txt': '', ...files });
  folders.push(folder);
  return { folder, project: new ProjectReader(folder.path(from)).current() };
}

const config = (compilerOptions: object, rest: object = {}) => JSON.stringify({ compilerOptions, ...rest });

describe('the settings of a notebook folder', () => {
  it('are strict and without a browser where there is no tsconfig.json', () => {
    const { project } = read({});
    expect(project.extension).toBe('.ts');
    expect(project.options).toEqual({});
    expect(project.checkOptions).toMatchObject({
      strict: true,
      target: 'esnext',
      lib: ['esnext'],
      module: 'esnext',
      moduleResolution: 'bundler',
      types: ['node'],
      noEmit: true,
    });
  });

  it('are those of the nearest tsconfig.json upwards, comments and all', () => {
    const { project, folder } = read({
      'tsconfig.json':
        '{ // mine\n "compilerOptions": { "strict": false, "noUncheckedIndexedAccess": true, /* . */ }, }',
    });
    expect(project.path).toBe(folder.path('tsconfig.json'));
    expect(project.checkOptions).toMatchObject({ strict: false, noUncheckedIndexedAccess: true });
    expect(project.options).toEqual({ strict: false, noUncheckedIndexedAccess: true });
  });

  it('resolve extends, from files, lists and packages, with paths relative to where they stand', () => {
    const { project, folder } = read({
      'tsconfig.json': config({ noImplicitReturns: true }, { extends: ['./base/a', './base/b.json'] }),
      'base/a.json': config({ strict: false, paths: { '#lib/*': ['../lib/*'] } }),
      'base/b.json': config({ strict: true }),
    });
    expect(project.checkOptions).toMatchObject({
      strict: true,
      noImplicitReturns: true,
      paths: { '#lib/*': [folder.path('lib/*')] },
    });
  });

  it('leave out what makes no sense in cells', () => {
    const off = {
      noUnusedLocals: true,
      noUnusedParameters: true,
      verbatimModuleSyntax: true,
      isolatedModules: true,
      isolatedDeclarations: true,
      composite: true,
      declaration: true,
      rootDir: 'src',
      outDir: 'dist',
      incremental: true,
      checkJs: true,
      erasableSyntaxOnly: true,
      nonsense: 1,
    };
    const { project } = read({ 'tsconfig.json': config(off) });
    for (const name of Object.keys(off)) expect(project.checkOptions).not.toHaveProperty(name);
  });

  it('keep modules as Node.js has them, and put modern ones in the place of old', () => {
    const node = read({ 'tsconfig.json': config({ module: 'NodeNext' }) }).project;
    expect(node.extension).toBe('.mts');
    expect(node.checkOptions).toMatchObject({ module: 'nodenext', moduleResolution: 'nodenext' });
    const old = read({ 'tsconfig.json': config({ module: 'commonjs', moduleResolution: 'node', target: 'ES2017' }) });
    expect(old.project.checkOptions).toMatchObject({
      module: 'esnext',
      moduleResolution: 'bundler',
      target: 'es2022',
      useDefineForClassFields: false,
    });
  });

  it('make cells .tsx where they may contain JSX', () => {
    const { project } = read({ 'tsconfig.json': config({ jsx: 'react-jsx', lib: ['DOM', 'ESNext'] }) });
    expect(project.extension).toBe('.tsx');
    expect(project.checkOptions).toMatchObject({ jsx: 'react-jsx', lib: ['DOM', 'ESNext'] });
  });

  it('are read again when a file of theirs changes, appears or goes', () => {
    const folder = new CheckedNotebook({ 'notes/a.txt': '' });
    folders.push(folder);
    const reader = new ProjectReader(folder.path('notes'));
    const bare = reader.current();
    expect(reader.current()).toBe(bare);
    folder.write('tsconfig.json', config({}, { extends: './base.json' }));
    folder.write('base.json', config({ strict: false }));
    expect(reader.current().checkOptions.strict).toBe(false);
    folder.write('base.json', config({ strict: true, jsx: 'react' }));
    expect(reader.current()).toMatchObject({ extension: '.tsx', options: { jsx: 'react' } });
    rmSync(folder.path('tsconfig.json'));
    expect(reader.current()).toMatchObject({ path: undefined, extension: '.ts' });
  });

  it('tell what is wrong with them', () => {
    const trouble = (text: string) => read({ 'tsconfig.json': text }).project.trouble;
    expect(trouble('{\n "compilerOptions": {\n "strict": tru }}')).toMatch(
      /tsconfig\.json is not valid JSON, line 3: /,
    );
    expect(trouble('{\n "compilerOptions": {')).toMatch(/tsconfig\.json is not valid JSON, line 2: /);
    expect(trouble('{ "extends": "@nobody/base" }')).toMatch(/extends "@nobody\/base", which is not installed\.$/);
    expect(trouble('{ "extends": "./nothing.json" }')).toMatch(/nothing\.json cannot be read\.$/);
    expect(trouble('{ "extends": "./tsconfig.json" }')).toMatch(/extends itself/);
    expect(trouble('[]')).toMatch(/should hold an object/);
    expect(trouble('')).toBeUndefined();
  });

  it('may hold commas and comments wherever TypeScript allows them, and keeps them in strings', () => {
    expect(parseJsonc('\ufeff{ "a": "// no", /* yes\n */ "b": [1, 2,], // x\n "c": "\\", }", }', 'x')).toEqual({
      a: '// no',
      b: [1, 2],
      c: '", }',
    });
  });
});

describe('cells under a tsconfig.json', () => {
  let notebook: CheckedNotebook;
  beforeAll(async () => {
    notebook = await new CheckedNotebook({
      'tsconfig.json': config({ strict: false, paths: { '#lib/*': ['./lib/*'] } }),
      'lib/sum.ts': 'export const sum = (a: number, b: number) => a + b;',
    }).open();
  });
  afterAll(() => notebook.close());

  it('are checked as it says, and at the next cell as it says then', async () => {
    await notebook.run('function loose(a) { return a; }\nimport { sum } from "#lib/sum"; sum(1, 2);');
    notebook.write('tsconfig.json', config({ strict: true, noUncheckedIndexedAccess: true }));
    expect(await notebook.error('function strict(a) { return a; }')).toContain('TS7006');
    expect(await notebook.error('[1][0].toFixed()')).toContain('TS2532');
  });

  it('say where it is broken, and run unchecked if they wish', async () => {
    notebook.write('tsconfig.json', '{ "compilerOptions": { "strict": } }');
    const { content } = await notebook.problem('1');
    expect(content.evalue).toMatch(/tsconfig\.json is not valid JSON, line 1/);
    expect(content.traceback.join('\n')).toContain('// @ts-nocheck');
    await notebook.run('// @ts-nocheck\n1');
    notebook.write('tsconfig.json', config({ strict: 'yes' }));
    expect(await notebook.error('1')).toContain("Compiler option 'strict' requires a value of type boolean");
    notebook.write('tsconfig.json', config({}));
    await notebook.run('1');
  });

  it('are ES modules under NodeNext, whatever package.json says', async () => {
    notebook.write('package.json', '{ "name": "notes", "type": "commonjs" }');
    notebook.write('tsconfig.json', config({ module: 'NodeNext' }));
    await notebook.run(
      "const kept = await Promise.resolve(1); import.meta.dirname; import { readFile } from 'node:fs';",
    );
    await notebook.run('kept.toFixed(); readFile;');
    expect(await notebook.error("import { sum } from './lib/sum';")).toContain('TS2835');
  });

  it('may contain JSX, and a page, where it says so; names go on', async () => {
    notebook.write('tsconfig.json', config({ jsx: 'react', jsxFactory: 'h', lib: ['DOM', 'ESNext'] }));
    await notebook.run(
      `const h = (tag: string, props: object | null, ...children: unknown[]) => ({ tag, props, children });
declare global { namespace JSX { interface IntrinsicElements { b: { title?: string } } } }
const bold = <b title="x">hi</b>; document.body.append('x'); alert('b'); display(bold);
const said: string | null = prompt('a', 'b'); const sure: boolean = confirm(); password('c');`,
      { jsx: true },
    );
    await notebook.run('kept.toFixed(); const again = <b/>;', { jsx: true });
    notebook.write('tsconfig.json', config({}));
    await notebook.run('kept.toFixed(); const cast = <number>kept;');
  });
});
