// What TypeScript is told of the globals that globals.ts installs. Kept beside it, and checked against it by a test.

/** Declarations for a notebook's ambient file. */
export const displayAmbient = `
/** Shows a value under the cell that runs, in its richest form. The result's \`update\` shows another in its place. */
declare function display(
  value: unknown,
  options?: {
    /** Under what name the output is found again; made up where none is given. */
    readonly id?: string;
    /** By MIME type, for instance { 'image/png': { width: 200 } }. */
    readonly metadata?: Readonly<Record<string, unknown>>;
    /** The value is a MIME bundle, for instance { 'text/html': '<b>hi</b>' }. */
    readonly raw?: boolean;
    /** Replaces the outputs of this id instead of adding one. */
    readonly update?: boolean;
  },
): {
  readonly id: string;
  /** Shows another value in its place. */
  update(value: unknown, options?: { readonly metadata?: Readonly<Record<string, unknown>>; readonly raw?: boolean }): unknown;
};
`;
