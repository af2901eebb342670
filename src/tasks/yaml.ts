// Writes plain data as YAML, for the front matter of model cards.
//
//   yamlText({ license: 'apache-2.0', tags: ['onnx'], name: 'no: "yes"' })
//     -> license: apache-2.0
//        tags:
//        - onnx
//        name: "no: \"yes\""

export type YamlValue =
  | string
  | number
  | boolean
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue | undefined };

/** Block style, two spaces a level; entries that are undefined are left out. Ends with a newline. */
export function yamlText(value: { readonly [key: string]: YamlValue | undefined }): string {
  return `${record(value).join('\n')}\n`;
}

function record(value: { readonly [key: string]: YamlValue | undefined }): string[] {
  return Object.entries(value).flatMap(([key, item]) => {
    if (item === undefined) return [];
    const lines = linesOf(item);
    if (typeof item !== 'object' || lines.length === 0)
      return [`${scalar(key)}: ${lines[0] ?? (Array.isArray(item) ? '[]' : '{}')}`];
    return [`${scalar(key)}:`, ...lines.map((line) => (Array.isArray(item) ? line : `  ${line}`))];
  });
}

function linesOf(value: YamlValue): string[] {
  if (typeof value !== 'object') return [typeof value === 'string' ? scalar(value) : String(value)];
  if (!Array.isArray(value)) return record(value as { readonly [key: string]: YamlValue });
  return value.flatMap((item) => {
    const [first = '{}', ...others] = linesOf(item);
    return [`- ${first}`, ...others.map((line) => `  ${line}`)];
  });
}

/** Words that YAML would read as something else than text. */
const reserved = /^(true|false|yes|no|on|off|y|n|null)$/i;

/** Text as it is where nothing in it means something to YAML, else in double quotes, escaped as in JSON. */
function scalar(text: string): string {
  if (/^[A-Za-z][\w./-]*( [\w./-]+)*$/.test(text) && !reserved.test(text)) return text;
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
