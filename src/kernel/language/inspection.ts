// What Jupyter shows of a thing on Shift+Tab: the server's hover and signature help, as Markdown and as plain text.

import { type CheckedText, inWordsOfCells } from './diagnostics.js';

export interface Inspection {
  readonly markdown: string;
  readonly plain: string;
}

type Markup = string | { readonly value: string; readonly language?: string } | readonly Markup[];

export type ServerHover = { readonly contents: Markup } | null;

export type ServerSignatures = {
  readonly signatures: readonly {
    readonly label: string;
    readonly documentation?: Markup;
    readonly parameters?: readonly {
      readonly label: string | readonly [number, number];
      readonly documentation?: Markup;
    }[];
    readonly activeParameter?: number;
  }[];
  readonly activeSignature?: number;
  readonly activeParameter?: number;
} | null;

/** A place where something is defined, and the lines there. */
export interface Definition {
  /** `Cell 3, line 2` or `helper.ts:12`. */
  readonly where: string;
  readonly code: string;
}

/** What hovering shows. Undefined where the server knows nothing (`any` says nothing). */
export function inspectionOfHover(
  hover: ServerHover | undefined,
  cells: Pick<CheckedText, 'at'>,
  definition: Definition | undefined,
): Inspection | undefined {
  const text = hover ? markdownOf(hover.contents).trim() : '';
  if (text === '' || /^```typescript\s+any\s+```$/.test(text)) return undefined;
  const known = inWordsOfCells(text, cells)
    .replace(/^(```typescript\n)\(alias\) /, '$1')
    // How a name of an earlier cell came in.
    .replace(/^import .*= .*\n/m, '');
  const source = definition ? `\n\n${definition.where}\n\n${fence(definition.code)}` : '';
  return both(known + source);
}

/** The signature of the call that the cursor stands in, the parameter it is at in bold. */
export function inspectionOfSignatures(
  help: ServerSignatures | undefined,
  cells: Pick<CheckedText, 'at'>,
  detail: 0 | 1,
): Inspection | undefined {
  const signatures = help?.signatures ?? [];
  if (!help || signatures.length === 0) return undefined;
  const chosen = signatures[help.activeSignature ?? 0] ?? signatures[0];
  if (!chosen) return undefined;
  const others = signatures.filter((each) => each !== chosen);
  const shown = detail === 1 ? [chosen, ...others] : [chosen];
  const parts = [fence(shown.map(({ label }) => inWordsOfCells(label, cells)).join('\n'))];
  if (detail === 0 && others.length > 0) {
    parts.push(`and ${others.length} more ${others.length === 1 ? 'overload' : 'overloads'}`);
  }
  const parameter = chosen.parameters?.[chosen.activeParameter ?? help.activeParameter ?? 0];
  if (parameter) {
    const { label } = parameter;
    const name = typeof label === 'string' ? label : chosen.label.slice(label[0], label[1]);
    const about = parameter.documentation ? markdownOf(parameter.documentation).trim() : '';
    parts.push(`**${inWordsOfCells(name, cells)}**${about && `: ${about}`}`);
  }
  if (chosen.documentation) parts.push(markdownOf(chosen.documentation).trim());
  return both(parts.filter(Boolean).join('\n\n'));
}

function both(markdown: string): Inspection {
  return { markdown, plain: plainText(markdown) };
}

function fence(code: string): string {
  return `\`\`\`typescript\n${code.replace(/\n+$/, '')}\n\`\`\``;
}

function markdownOf(markup: Markup): string {
  if (typeof markup === 'string') return markup;
  if ('value' in markup) return markup.language ? `\`\`\`${markup.language}\n${markup.value}\n\`\`\`` : markup.value;
  return markup.map(markdownOf).join('\n\n');
}

/** The same without Markdown's marks. */
function plainText(markdown: string): string {
  return markdown
    .split(/(^```[^\n]*\n[\s\S]*?^```$)/m)
    .map((part, index) => (index % 2 === 1 ? part.replace(/^```[^\n]*\n|\n?```$/g, '') : withoutMarks(part)))
    .join('')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function withoutMarks(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__)(.+?)\1/g, '$2')
    .replace(/(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])/g, '$1')
    .replace(/`([^`]+)`/g, '$1');
}
