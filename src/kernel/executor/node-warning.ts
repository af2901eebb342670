// Keeps to ourselves what Node.js says of the way in which cells `import()`: that it is young. It is the same from 20.12 to 26, and
// a learner who reads of it under a cell can do nothing about it.

export function silenceImportWarning(): void {
  const { emitWarning } = process;
  const filtered = (warning: string | Error, ...rest: unknown[]) => {
    if (String(warning).includes('USE_MAIN_CONTEXT_DEFAULT_LOADER')) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  process.emitWarning = filtered as typeof process.emitWarning;
}
