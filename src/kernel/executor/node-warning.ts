// Node.js warns, once, that its way to `import()` from a script is young; it is the same from 20.12 to 26.

export function withoutWarning<T>(run: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return run();
  } finally {
    process.emitWarning = emitWarning;
  }
}
