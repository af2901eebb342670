// JSON as tsconfig.json files have it: with comments and trailing commas.

/** @throws Error that names the file, the line and what is wrong there */
export function parseJsonc(text: string, path: string): unknown {
  // What is taken out leaves blanks behind, so that places stay what they are.
  const blank = (found: string) => found.replace(/[^\n]/g, ' ');
  const plain = text
    .replace(/^\ufeff/, ' ')
    .replace(/("(?:[^"\\\n]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (found, string?: string) => string ?? blank(found))
    .replace(/("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])/g, (found, string?: string) => string ?? blank(found));
  if (plain.trim() === '') return {};
  try {
    return JSON.parse(plain);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const offset = /position (\d+)/.exec(message)?.[1];
    // Node.js quotes the text around the place, which may be long; the line says more.
    const what = message.replace(/ in JSON at position.*$/s, '').replace(/, ?"?\.\.\..*$/s, '');
    const line = offset === undefined ? plain.trimEnd().split('\n').length : plain.slice(0, +offset).split('\n').length;
    throw new Error(`${path} is not valid JSON, line ${line}: ${what}.`);
  }
}
