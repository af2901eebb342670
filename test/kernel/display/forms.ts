// Shorthands of these tests.

import { toBundle } from '../../../src/kernel/display/bundle.js';

/** The forms of a value; fails where it has none. */
export async function formsOf(value: unknown): Promise<Record<string, unknown>> {
  const shown = await toBundle(value);
  if (!shown) throw new Error('nothing to show');
  return { ...shown.data };
}

export async function plain(value: unknown): Promise<string> {
  return String((await formsOf(value))['text/plain']);
}
