// A cell's problems as the error that Jupyter shows: name, one line of text, and the excerpts as its traceback.

import { type Problem, placeName, renderProblems } from './code-frame.js';
import { CellProblem } from './language.js';

/** What keeps a cell from running: `ename` is `SyntaxError` or `TypeError`, say. @param problems at least one */
export function cellProblem(
  ename: string,
  source: string,
  cellName: string,
  problems: readonly Problem[],
): CellProblem {
  const [first] = [...problems].sort((a, b) => a.start.line - b.start.line || a.start.column - b.start.column);
  if (!first) throw new Error(`${cellName} has no problem to tell of`);
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return new CellProblem({
    ename,
    evalue: `${first.message} [${placeName(cellName, first.start)}]${more}`,
    traceback: [renderProblems(source, cellName, problems)],
  });
}
