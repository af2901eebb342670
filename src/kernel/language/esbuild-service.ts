// esbuild, whose process may be gone: a signal to the kernel's whole group ends it, and so do we when nobody has run a cell for a while.

import type { TransformFailure, TransformOptions, TransformResult } from 'esbuild';

/** After so long without a cell its memory (13 MB) is given back; starting again takes some 15 ms. Milliseconds. */
const idle = 2000;

let ending: NodeJS.Timeout | undefined;

/** Starts loading it, before the first cell asks. */
export function warmUp(): void {
  transform('', {}).catch(() => {});
}

/** `transform` of esbuild. @throws TransformFailure where the text is wrong */
export async function transform(text: string, options: TransformOptions): Promise<TransformResult> {
  const esbuild = await import('esbuild');
  clearTimeout(ending);
  try {
    return await esbuild.transform(text, options);
  } catch (error) {
    if ((error as Partial<TransformFailure>).errors) throw error;
    // Forgets the process that has gone; the next call starts another.
    await esbuild.stop();
    return await esbuild.transform(text, options);
  } finally {
    clearTimeout(ending);
    ending = setTimeout(() => void esbuild.stop(), idle);
    ending.unref();
  }
}
