// The memory that the thread which hears of Stop shares with the thread that runs cells.

/** Places in the shared array. */
export const slot = {
  /** Not 0: stop. Compiled cells read it at every turn of a loop, hence the first place. */
  flag: 0,
  /** How many interrupts the thread has heard of. */
  heard: 1,
  /** How many of them the event loop has answered. */
  answered: 2,
  /** Whether something is to end and has not ended yet. */
  ending: 3,
} as const;

/** Values of `slot.ending`. */
export const ending = { nothing: 0, asked: 1, forced: 2 } as const;

/** Why the flag is up: an interrupt came, or what was interrupted goes on. */
export const raised = { no: 0, first: 1, again: 2 } as const;

/** How long, in milliseconds, a cell may clean up between two interruptions. */
export const pause = 250;

/** How long, in milliseconds, a library that listens for SIGINT may take to end in its own way. */
export const grace = 3000;
