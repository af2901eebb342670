// Texts that hold no more memory than they show.
//
//   ownText(line.split(',')[3]);   // may be kept; the line, and the file around it, need not be

/** The same text, apart from the longer one it was cut out of, which V8 would keep in memory for as long as a piece of it. */
export const ownText = (text: string): string =>
  text.length < 13 ? text : Buffer.from(text, 'utf16le').toString('utf16le'); // V8 copies shorter pieces by itself
