// The executor process: runs the cells of one notebook, in the notebook's folder. See messages.ts for what it is told and tells.

import { Socket } from 'node:net';
import { Boxes } from './boxes.js';
import { Comms } from './comms.js';
import { putInOrder } from './first-stretch.js';
import { FrameReader } from './frames.js';
import { Interrupts } from './interrupts.js';
import { installBridge } from './kernel-bridge.js';
import { descriptors, type ToExecutor } from './messages.js';
import { Modules } from './modules.js';
import { silenceImportWarning } from './node-warning.js';
import { capturePrinting } from './output.js';
import { loadDisplay } from './rich.js';
import { CellRunner } from './run-cell.js';
import { installStackFrames } from './stack-frames.js';
import { createInput, installPrompts } from './stdin.js';
import { catchStrays, reportStray } from './stray.js';
import { send } from './wire.js';

capturePrinting();
installStackFrames();
catchStrays();
silenceImportWarning();

const interrupts = new Interrupts();
const comms = new Comms(interrupts);
const input = createInput(interrupts);
installPrompts(input);
const bridge = installBridge(comms, input);
const runner = new CellRunner(new Boxes(), new Modules(process.cwd()), interrupts);

send({ type: 'ready' });

function take(message: ToExecutor): void {
  if (message.type === 'interrupt') {
    interrupts.heard();
    send({ type: 'interrupted' });
  } else if (message.type === 'comm') {
    void comms.take(message.context, message.message);
  } else {
    void runner.run(message);
  }
}

// The display side is loaded while the first cell is still being compiled; what comes before it is there has to wait.
let early: ToExecutor[] | undefined = [];
loadDisplay(bridge)
  .catch(reportStray)
  .then(() => {
    const messages = early ?? [];
    early = undefined;
    for (const message of messages) take(message);
  });

const reader = new FrameReader();
const socket = new Socket({ fd: descriptors.in, readable: true, writable: false });
socket.on('data', (chunk: Buffer) => {
  for (const message of reader.take(chunk) as ToExecutor[]) {
    if (early) early.push(message);
    else take(message);
  }
  putInOrder();
});
// The protocol process has gone, and with it all reason to live.
socket.once('close', () => process.exit());
