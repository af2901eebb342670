// Figures that are plain data: Plotly's and Vega's. JupyterLab draws them.

import type { MimeBundle } from '../executor/messages.js';
import { brief } from './plain-text.js';
import { isObject, method, own } from './read.js';
import { counted } from './words.js';

/** `{ data: [...], layout: {...} }`. */
export function plotlyForms(value: object): MimeBundle | undefined {
  const data = own(value, 'data');
  const layout = own(value, 'layout');
  if (!Array.isArray(data) || !isObject(layout) || Array.isArray(layout) || !data.every(isObject)) return undefined;
  const figure: Record<string, unknown> = { data, layout };
  for (const name of ['frames', 'config']) {
    const part = own(value, name);
    if (part !== undefined) figure[name] = part;
  }
  return { 'application/vnd.plotly.v1+json': figure, 'text/plain': plotlyText(data, layout) };
}

function plotlyText(data: readonly object[], layout: object): string {
  const kinds = data.map((trace) => String(own(trace, 'type') ?? 'scatter'));
  const title = own(layout, 'title');
  const words = isObject(title) ? own(title, 'text') : title;
  const named = typeof words === 'string' && words !== '' ? ` '${words.replaceAll(/<[^>]*>/g, '')}'` : '';
  return `[Plotly figure${named}: ${counted(data.length, 'trace')}${kinds.length > 0 ? ` (${kinds.slice(0, 8).join(', ')})` : ''}]`;
}

const mimes = { vega: 'application/vnd.vega.v', 'vega-lite': 'application/vnd.vegalite.v' } as const;

/** What makes a specification one of Vega-Lite. */
const views = ['mark', 'layer', 'concat', 'hconcat', 'vconcat', 'facet', 'repeat', 'spec'];

/** A specification of Vega or Vega-Lite with its `$schema`, or what builds one with `toSpec()`. */
export function vegaForms(value: object): MimeBundle | undefined {
  const schema = own(value, '$schema');
  if (typeof schema === 'string') return ofSpec(value, schema);
  const toSpec = method(value, 'toSpec');
  if (!toSpec) return undefined;
  try {
    const spec = toSpec.call(value);
    if (!isObject(spec)) return undefined;
    const named = own(spec, '$schema');
    if (typeof named === 'string') return ofSpec(spec, named);
    if (!views.some((view) => Object.hasOwn(spec, view))) return undefined;
    return ofSpec(spec, 'https://vega.github.io/schema/vega-lite/v5.json');
  } catch (problem) {
    return { 'text/plain': `Its toSpec() method threw ${brief(problem)}` };
  }
}

function ofSpec(spec: object, schema: string): MimeBundle | undefined {
  const [, language, version] = /\/schema\/(vega-lite|vega)\/v(\d+)/.exec(schema) ?? [];
  if (language === undefined) return undefined;
  const mark = own(spec, 'mark');
  const kind = typeof mark === 'string' ? mark : isObject(mark) ? own(mark, 'type') : undefined;
  const name = language === 'vega' ? 'Vega' : 'Vega-Lite';
  const form = (of: number) => ({ [`${mimes[language as keyof typeof mimes]}${of}+json`]: spec });
  return {
    ...form(Number(version)),
    // JupyterLab 4 draws with version 5, which draws most of what newer ones brought.
    ...(Number(version) > 5 ? form(5) : {}),
    'text/plain': `[${name} ${version} chart${typeof kind === 'string' ? ` (${kind})` : ''}]`,
  };
}
