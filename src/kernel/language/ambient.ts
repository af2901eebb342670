// What the kernel gives every cell beyond Node.js, told to the type checker. No imports and exports here: all of it is global.
// Each part merges with the DOM library, where a notebook's tsconfig.json asks for that.

import { displayAmbient } from '../display/ambient.js';

const input = `
/** Asks the person at the notebook for a line of text and waits for it; null where they cannot or would not answer. */
declare function prompt(message?: string, _default?: string): string | null;
/** Asks the person at the notebook yes or no. */
declare function confirm(message?: string): boolean;
/** Asks for a line of text that is not shown while it is typed. */
declare function password(message?: string): string | null;
`;

// Where tslab is not installed, its notebooks run all the same; where it is, they still get ../display/tslab.ts.
const tslab = `
declare module 'tslab' {
  export interface Display {
    javascript(s: string): void;
    html(s: string): void;
    markdown(s: string): void;
    latex(s: string): void;
    svg(s: string): void;
    png(b: Uint8Array): void;
    jpeg(b: Uint8Array): void;
    gif(b: Uint8Array): void;
    pdf(b: Uint8Array): void;
    text(s: string): void;
    raw(contentType: string, b: string | Uint8Array): void;
  }
  export const display: Display;
  /** A display that replaces what it showed before. */
  export function newDisplay(): Display;
  export const versions: { readonly tslab: string; readonly typescript: string; readonly node: string };
}
`;

/** The text of the declaration file that every cell sees. */
export const ambientDeclarations: string = [input, displayAmbient, tslab].map((part) => part.trim()).join('\n');
