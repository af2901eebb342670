// A thread that hears of Stop while a cell spins: each byte on its pipe sets the flag that the cell's loops look at.

import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';
import { descriptors } from './messages.js';
import { again, setBy, slot } from './stop-flag.js';

const stop = new Int32Array(workerData as SharedArrayBuffer);

const unanswered = () => Atomics.load(stop, slot.heard) > Atomics.load(stop, slot.answered);

function raise(): void {
  if (!unanswered()) return;
  Atomics.store(stop, slot.flag, setBy.thread);
  // The event loop may have answered in this very moment; then the flag would stop the next cell.
  if (!unanswered()) Atomics.compareExchange(stop, slot.flag, setBy.thread, setBy.nobody);
  Atomics.notify(stop, slot.flag);
}

let timer: NodeJS.Timeout | undefined;

// Not a blocking read: Node.js waits for its threads when it exits.
const socket = new Socket({ fd: descriptors.interrupts, readable: true, writable: false });
socket.on('data', (bytes: Buffer) => {
  Atomics.add(stop, slot.heard, bytes.length);
  raise();
  clearInterval(timer);
  timer = setInterval(() => {
    if (unanswered()) raise();
    else clearInterval(timer);
  }, again);
});
// The protocol process has gone. The event loop ends by itself, unless a cell spins.
const end = () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), 2000);
socket.once('end', end);
socket.once('error', end);
