// config.json as text that Python's transformers 5 takes: it checks types, and for some fields a whole number is no float.
//
//   configText({ model_type: 'modernbert', initializer_cutoff_factor: 2 })       // ... "initializer_cutoff_factor": 2.0 ...
import { jsonText } from './json-text.js';

/** JSON.stringify writes 2.0 as 2, which transformers refuses in these; in all others it takes both. */
const floats = /^(\s*"(?:initializer_range|initializer_cutoff_factor|layer_norm_eps|norm_eps)": -?\d+)(?=,?$)/gm;

export const configText = (config: Readonly<Record<string, unknown>>): string =>
  jsonText(config).replace(floats, '$1.0');
