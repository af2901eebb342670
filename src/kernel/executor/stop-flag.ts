// The memory that the thread which hears of Stop shares with the thread that runs cells.

/** Places in the shared array. */
export const slot = {
  /** Not 0: stop. Compiled cells read it at every turn of a loop, hence the first place. */
  flag: 0,
  /** How many interrupts the thread has heard of. */
  heard: 1,
  /** How many of them the event loop has answered. */
  answered: 2,
} as const;

/** Who set the flag: the thread takes back only what it set itself. */
export const setBy = { nobody: 0, thread: 1, loop: 2 } as const;

/** A cell that caught the interruption and spins on is interrupted again after this many milliseconds. */
export const again = 1000;
