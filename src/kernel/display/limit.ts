// Makes forms of a value fit to be sent: as JSON, and none of them so large that it makes the notebook slow or impossible to open.

import type { MimeBundle } from '../executor/messages.js';
import { jsonCopy } from './json.js';
import { currentOptions } from './options.js';
import { brief } from './plain-text.js';
import { bytes } from './words.js';

const extensions: Record<string, string> = { 'svg+xml': 'svg', markdown: 'md', plain: 'txt', javascript: 'js' };

/** Leaves out what is too large or cannot be sent, and says so in `text/plain`. */
export function limited(forms: MimeBundle): MimeBundle {
  const { maxBytes } = currentOptions();
  const kept: Record<string, unknown> = {};
  const notices: string[] = [];
  for (const [mime, form] of Object.entries(forms)) {
    const binary = typeof form === 'string' && /^(image|audio|video)\/(?!svg)|^application\/pdf$/.test(mime);
    let size: number;
    if (typeof form === 'string') {
      size = binary ? Math.floor(form.length * 0.75) : form.length;
      if (size <= maxBytes) kept[mime] = form;
    } else {
      try {
        const copy = jsonCopy(form, maxBytes);
        size = copy.size;
        if (size <= maxBytes) kept[mime] = copy.value ?? null;
      } catch (problem) {
        notices.push(`(Its form ${mime} cannot be sent: ${brief(problem)})`);
        continue;
      }
    }
    if (size <= maxBytes) continue;
    const kind = mime.slice(mime.indexOf('/') + 1);
    const name = `'value.${extensions[kind] ?? (/^\w+$/.test(kind) ? kind : 'json')}'`;
    const large = typeof form === 'string' ? `has ${bytes(size)}` : `has more than ${bytes(maxBytes)}`;
    const what = binary ? 'its bytes' : 'it';
    notices.push(
      `(Its form ${mime} ${large}, and is not shown: such notebooks are slow to open. Save ${what} with writeFileSync(${name}, ...) of node:fs; displayOptions({ maxBytes: ... }) raises the limit of ${bytes(maxBytes)}.)`,
    );
  }
  if (notices.length > 0) {
    const text = kept['text/plain'];
    kept['text/plain'] = [...(typeof text === 'string' ? [text] : []), ...notices].join('\n');
  }
  return kept;
}
