// The error that Stop throws in a cell.

export class Interrupted extends Error {
  static {
    // On the prototype, as the names of JavaScript's own errors are.
    Interrupted.prototype.name = 'Interrupted';
  }

  constructor() {
    super('The cell was stopped.');
  }
}
