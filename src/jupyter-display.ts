// The sign of objects that a notebook can show by themselves (the convention Deno's kernel began): a method under this symbol that
// gives the forms of one output, by MIME type.

export const jupyterDisplay: unique symbol = Symbol.for('Jupyter.display') as never;
