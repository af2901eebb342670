// Takes the solutions of exercises out of a notebook: the cells tagged `solution`. Exercises, their checks and hints stay.

/**
 * @typedef {{ metadata?: { tags?: string[] }, [field: string]: unknown }} Cell
 * @typedef {{ cells: Cell[], [field: string]: unknown }} Notebook
 */

/**
 * @param {Notebook} notebook
 * @returns {{ notebook: Notebook, removed: number }} a copy, and how many cells are gone
 */
export function withoutSolutions(notebook) {
  const cells = notebook.cells.filter((cell) => !cell.metadata?.tags?.includes('solution'));
  return { notebook: { ...notebook, cells }, removed: notebook.cells.length - cells.length };
}
