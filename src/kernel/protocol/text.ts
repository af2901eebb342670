// Jupyter counts positions in code points, JavaScript in UTF-16 units: they differ after a character such as 𝛼 or 🙂.

/** The UTF-16 offset of a position in code points; the end of the text for positions past it. */
export function fromCodePoints(text: string, position: number): number {
  let offset = 0;
  for (let left = position; left > 0 && offset < text.length; left--) {
    offset += (text.codePointAt(offset) as number) > 0xffff ? 2 : 1;
  }
  return offset;
}

/** The position in code points of a UTF-16 offset; an offset in the middle of a character counts as before it. */
export function toCodePoints(text: string, offset: number): number {
  let position = 0;
  for (let at = 0; at < text.length && at < offset; position++) {
    at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1;
    if (at > offset) break;
  }
  return position;
}
