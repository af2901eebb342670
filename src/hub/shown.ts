/** A value from a file in an error message: as JSON, at most some 80 characters of it. */
export function shown(value: unknown): string {
  let text: string | undefined;
  try {
    text = typeof value === 'string' ? JSON.stringify(value.slice(0, 100)) : JSON.stringify(value);
  } catch {
    return 'a value nested too deeply to show'; // JSON.parse reads deeper nesting than JSON.stringify writes
  }
  if (text === undefined) return String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
