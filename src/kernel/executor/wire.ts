// Sends messages to the protocol process: synchronously, so that all that was sent arrives even if this process dies at once.

import { isPlainContext, writeFrameSync, writeTextSync } from './frames.js';
import { descriptors, type FromExecutor } from './messages.js';

export function send(message: FromExecutor): void {
  writeFrameSync(descriptors.out, message);
}

/** The largest piece in which text is sent; a client is shown the beginning of a giant text while the rest is on its way. */
const piece = 1 << 20;

export function sendText(context: string, name: 'stdout' | 'stderr', text: string): void {
  const plain = isPlainContext(context);
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + piece, text.length);
    // Not between the two halves of a character.
    if (end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end--;
    const part = start === 0 && end === text.length ? text : text.slice(start, end);
    if (plain) writeTextSync(descriptors.out, context, name, part);
    else send({ type: 'stream', context, name, text: part });
    start = end;
  }
}
