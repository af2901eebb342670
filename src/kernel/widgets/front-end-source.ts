// The source of a function written in a cell, as a module for the browser.
//
// A cell's functions do not run quite as they were typed: they look whether Stop was pressed, and find names they do not know
// through the cell's runtime (../executor/runtime.ts). In the browser a stand-in for that runtime does nothing, and looks in
// the page. Variables of the notebook are not there: a function that uses one is refused.

import { freeNames } from './free-names.js';

const checked = /\(([\p{ID_Continue}$]+)\[0\] !== 0(?: && |\) )([\p{ID_Continue}$]+)\.interrupt\(\)/u;
const variable = /(?<![\p{ID_Continue}$.])([\p{ID_Start}$_][\p{ID_Continue}$]*?)\$+\.v(?![\p{ID_Continue}$])/gu;

/**
 * A module whose default export has the function as `render`.
 *
 * @throws TypeError where the function cannot run in the browser
 */
export function frontEndModule(render: (...values: never[]) => unknown): string {
  const source = expressionOf(render);
  const outside = notebookNames(source);
  if (outside.length > 0) {
    throw new TypeError(
      `anywidget: render uses ${outside.join(', ')} of the notebook, but it runs in the browser, which has only what is in ` +
        'the function itself. Pass what it needs in `state`, and read that with model.get(...).',
    );
  }
  return `${standIn(source)}export default { render: ${source} };\n`;
}

/** The notebook's variables that a function uses: most in their boxes, constants of its own cell by their names. */
function notebookNames(source: string): readonly string[] {
  const [, stop, runtime] = checked.exec(source) ?? [];
  const boxed = [...source.matchAll(variable)].map((match) => match[1] ?? '');
  const free = stop
    ? freeNames(source).filter((name) => !(name in globalThis) && name !== stop && name !== runtime)
    : [];
  // A box that is free itself was found already.
  return [...new Set([...boxed, ...free.filter((name) => !boxed.includes(name.replace(/\$+$/, '')))])];
}

/** Its source as an expression: a method's is none as it stands. */
function expressionOf(render: (...values: never[]) => unknown): string {
  const source = render.toString();
  if (source.includes('[native code]')) {
    throw new TypeError(
      'anywidget: render has no source to send to the browser; give a function written out, or a string.',
    );
  }
  for (const expression of [source, `({ ${source} })[${JSON.stringify(render.name)}]`]) {
    try {
      new Function(`return (${expression});`);
      return expression;
    } catch {
      // The other form may do.
    }
  }
  throw new TypeError(
    'anywidget: the source of render cannot stand alone; write it as a function or an arrow function.',
  );
}

function standIn(source: string): string {
  const [, stop, runtime] = checked.exec(source) ?? [];
  if (!stop || !runtime) return '';
  return (
    `const ${stop} = [0];\n` +
    `const ${runtime} = { interrupt() {}, wait: (value) => value, iterate: (source) => source, late: globalThis, ` +
    'import: (specifier) => import(specifier), meta: import.meta };\n'
  );
}
