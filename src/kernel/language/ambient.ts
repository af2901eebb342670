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

/** The text of the declaration file that every cell sees. */
export const ambientDeclarations: string = [input, displayAmbient].map((part) => part.trim()).join('\n');
