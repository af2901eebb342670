// tslab's public API on this kernel, so that its notebooks run unchanged: `import * as tslab from 'tslab'`.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { kernelBridge } from '../bridge.js';

export interface TslabDisplay {
  javascript(s: string): void;
  html(s: string): void;
  markdown(s: string): void;
  latex(s: string): void;
  svg(s: string): void;
  png(b: Uint8Array): void;
  jpeg(b: Uint8Array): void;
  gif(b: Uint8Array): void;
  pdf(b: Uint8Array): void;
  text(s: string): void;
  raw(contentType: string, b: string | Uint8Array): void;
}

class DisplayImpl implements TslabDisplay {
  readonly id: string | undefined;
  update: boolean | undefined;

  constructor(id?: string) {
    this.id = id;
  }
  javascript(s: string): void {
    this.raw('text/javascript', s);
  }
  html(s: string): void {
    this.raw('text/html', s);
  }
  markdown(s: string): void {
    this.raw('text/markdown', s);
  }
  latex(s: string): void {
    this.raw('text/latex', s);
  }
  svg(s: string): void {
    this.raw('image/svg+xml', s);
  }
  png(b: Uint8Array): void {
    this.raw('image/png', b);
  }
  jpeg(b: Uint8Array): void {
    this.raw('image/jpeg', b);
  }
  gif(b: Uint8Array): void {
    this.raw('image/gif', b);
  }
  pdf(b: Uint8Array): void {
    this.raw('application/pdf', b);
  }
  text(s: string): void {
    this.raw('text/plain', s);
  }
  /** Bytes are sent as base64, text as it is. */
  raw(contentType: string, b: string | Uint8Array): void {
    const kernel = kernelBridge();
    if (!kernel) throw new Error('Not ready');
    const content = b instanceof Uint8Array ? Buffer.from(b.buffer, b.byteOffset, b.byteLength).toString('base64') : b;
    const update = this.update ?? false;
    if (this.id !== undefined) this.update = true;
    const transient = this.id === undefined ? {} : { display_id: this.id };
    kernel.publish({ data: { [contentType]: content }, metadata: {}, transient }, update);
  }
}

/** The module: what `import * as tslab from 'tslab'` gives. */
export const tslab = {
  display: new DisplayImpl() as TslabDisplay,
  /** A display that replaces what it showed before. */
  newDisplay: (): TslabDisplay => new DisplayImpl(randomBytes(8).toString('hex')),
  versions: {
    /** The version whose API this is. */
    tslab: '1.0.22',
    /** The compiler of this kernel. */
    get typescript(): string {
      const { version } = JSON.parse(
        readFileSync(createRequire(import.meta.url).resolve('typescript/package.json'), 'utf8'),
      ) as { version: string };
      return version;
    },
    node: process.version,
  },
};
