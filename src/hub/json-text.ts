/** JSON in text files: read with errors that name the file, written as Python's tools lay it out in checkpoints. */

/**
 * @param file path of the file, for errors
 * @throws Error if the text is not JSON
 */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not valid JSON (${(error as Error).message}); fetch or copy it again.`);
  }
}

/** Two spaces, a line break at the end. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
