// Reads a piece of HTML as strictly as XML: every tag closed, every `<` and `&` a tag or an entity.

export interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (Element | string)[];
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

const decode = (text: string) =>
  text.replace(/&([^;]*);?/g, (whole, name: string) => {
    const character = entities[name];
    if (character === undefined) throw new Error(`No entity: ${whole}`);
    return character;
  });

/** @throws Error where it is not well-formed */
export function parseHtml(html: string): Element {
  const top: Element = { tag: '', attributes: {}, children: [] };
  const open = [top];
  for (const [token] of html.matchAll(/<[^>]*>|[^<]+|</g)) {
    const parent = open.at(-1) as Element;
    const closing = /^<\/(\w+)>$/.exec(token)?.[1];
    const opening = /^<(\w+)((?: [\w-]+="[^"<>]*")*)>$/.exec(token);
    if (closing) {
      if (parent.tag !== closing) throw new Error(`</${closing}> closes <${parent.tag}>`);
      open.pop();
    } else if (opening) {
      const pairs = [...(opening[2] ?? '').matchAll(/([\w-]+)="([^"]*)"/g)];
      const attributes = Object.fromEntries(pairs.map(([, name, value]) => [name, decode(value as string)]));
      const element = { tag: opening[1] as string, attributes, children: [] };
      parent.children.push(element);
      open.push(element);
    } else if (token.startsWith('<')) throw new Error(`Not a tag: ${token}`);
    else if (token.trim() !== '') parent.children.push(decode(token));
  }
  if (open.length > 1) throw new Error(`<${open.at(-1)?.tag}> is not closed`);
  return top;
}

export function textOf(element: Element | string): string {
  return typeof element === 'string' ? element : element.children.map(textOf).join('');
}

/** The elements of this tag, wherever they are. */
export function all(element: Element, tag: string): Element[] {
  const children = element.children.filter((each) => typeof each !== 'string');
  return [...(element.tag === tag ? [element] : []), ...children.flatMap((each) => all(each, tag))];
}

/** The texts of a table's cells, row by row, its head first. */
export function gridOf(html: string): string[][] {
  const cells = (row: Element) => row.children.map(textOf);
  return all(parseHtml(html), 'tr').map(cells);
}
