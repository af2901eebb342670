// Aligned columns for terminals, logs and screen readers.
//
//   textTable([{ title: 'name' }, { title: 'accuracy', right: true }], [['full', '86.6%']]);
//   // name  accuracy
//   // full     86.6%

/** A column: its heading, and whether its cells are numbers, aligned right. */
export interface TextColumn {
  readonly title: string;
  readonly right?: boolean;
}

/** Lays out rows of cells under their headings; two spaces between columns, none at line ends. */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map((column) => column.title), ...rows];
  const widths = columns.map((_, c) => Math.max(...lines.map((line) => displayWidth(line[c] ?? ''))));
  return lines
    .map((line) =>
      columns
        .map((column, c) => pad(line[c] ?? '', widths[c] as number, column.right ?? false))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** At most `count` of the items, evenly spread, always with the first and the last. */
export function spread<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))] as Item);
}

/** How many columns a terminal gives a text: East Asian wide characters and emoji take two, combining marks none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/^[\p{Mn}\p{Me}\p{Cf}]$/u.test(character)) continue;
    width +=
      /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]$|^\p{Emoji_Presentation}$/u.test(
        character,
      ) || (character.codePointAt(0) as number) >= 0x20000
        ? 2
        : 1;
  }
  return width;
}

function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return right ? space + text : text + space;
}
