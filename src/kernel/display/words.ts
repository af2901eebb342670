// Small pieces of text: counts, sizes, numbers, and text made safe for HTML.

/** `1,234`. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** `1 row`, `2,000 rows`. */
export function counted(number: number, thing: string): string {
  return `${count(number)} ${thing}${number === 1 ? '' : 's'}`;
}

/** `12 bytes`, `3.4 MB`. */
export function bytes(number: number): string {
  if (number < 1000) return counted(number, 'byte');
  if (number < 1_000_000) return `${(number / 1000).toFixed(1)} kB`;
  return `${(number / 1_000_000).toFixed(1)} MB`;
}

/** A number short enough for a table: six digits where it has a fraction, all of them where it has none. */
export function shortNumber(number: number | bigint): string {
  if (typeof number === 'bigint' || !Number.isFinite(number)) return String(number);
  if (Object.is(number, -0)) return '-0';
  if (Number.isInteger(number)) return String(number);
  const large = Math.abs(number) >= 1e6 && Math.abs(number) < 1e15;
  return String(Number(large ? number.toFixed(2) : number.toPrecision(6)));
}

/** Cuts a text, and marks that it was cut. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  // Not between the two halves of a character.
  const end = (text.charCodeAt(length - 2) & 0xfc00) === 0xd800 ? length - 2 : length - 1;
  return `${text.slice(0, end)}…`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as HTML that shows it, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return (
    text
      .replace(/[&<>"']/g, (each) => entities[each] as string)
      // Characters that HTML and XML have no place for.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g, '\ufffd')
  );
}
