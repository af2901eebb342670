// Whether text is coloured by ANSI escapes: the one place that decides, for tracebacks and for the console.
// Results never are: they are kept in notebooks, compared by tests and read by programs.

/** What a person, or the program that started the kernel, asked for: https://no-color.org and https://force-color.org. */
function asked(env: NodeJS.ProcessEnv): boolean | undefined {
  // Who wants none gets none, also where a program around us forces colours on its own output.
  if (env.NO_COLOR || env.NODE_DISABLE_COLORS) return false;
  if (env.FORCE_COLOR !== undefined) return !/^(0|false)$/i.test(env.FORCE_COLOR);
  return undefined;
}

/** Tracebacks: every Jupyter client draws ANSI colours there, as Python's kernel sends them. */
export function colourTracebacks(env: NodeJS.ProcessEnv = process.env): boolean {
  return asked(env) ?? true;
}

/** What the console and programs that a cell starts print: no terminal, so without colours unless they are asked for. */
export function colourConsole(env: NodeJS.ProcessEnv = process.env): boolean {
  return asked(env) ?? false;
}
