// A thread that hears of Stop while a cell spins: each byte on its pipe raises the flag that the cell's loops look at. It also raises
// the flag again for a cell that goes on: the event loop cannot, while promises follow one another without end.

import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';
import { descriptors } from './messages.js';
import { ending, grace, pause, raised, slot } from './stop-flag.js';

const stop = new Int32Array(workerData as SharedArrayBuffer);

let timer: NodeJS.Timeout | undefined;
let turns = 0;
let idle = 0;

const unanswered = () => Atomics.load(stop, slot.heard) > Atomics.load(stop, slot.answered);
/** Something was to end, and has had its time. */
const overdue = () => {
  const what = Atomics.load(stop, slot.ending);
  return what === ending.forced || (what === ending.asked && turns * pause > grace);
};

function raise(why: number, holds: () => boolean): void {
  if (!holds()) return;
  Atomics.store(stop, slot.flag, why);
  // It may have come to an end in this very moment; then the flag would stop the next cell.
  if (!holds()) Atomics.compareExchange(stop, slot.flag, why, raised.no);
  Atomics.notify(stop, slot.flag);
}

function watch(): void {
  turns++;
  idle = unanswered() || Atomics.load(stop, slot.ending) !== ending.nothing ? 0 : idle + 1;
  // An interrupt that the event loop does not even answer: something caught it and spins on, or cleans up.
  if (turns % 4 === 0) raise(raised.first, unanswered);
  raise(raised.again, overdue);
  if (idle > 8) clearInterval(timer);
}

// Not a blocking read: Node.js waits for its threads when it exits.
const socket = new Socket({ fd: descriptors.interrupts, readable: true, writable: false });
socket.on('data', (bytes: Buffer) => {
  Atomics.add(stop, slot.heard, bytes.length);
  raise(raised.first, unanswered);
  clearInterval(timer);
  turns = 0;
  idle = 0;
  timer = setInterval(watch, pause);
});
// The protocol process has gone. The event loop ends by itself, unless a cell spins.
const end = () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), 2000);
socket.once('end', end);
socket.once('error', end);
