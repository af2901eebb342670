// Edits to a text that remember where everything came from: nothing is moved, so a position before maps to a position after and back.

interface Insertion {
  /** Ends something that stops here: inner things end first. */
  close: string;
  /** Begins something that starts here: outer things begin first. */
  open: string;
}

export class Edits {
  readonly #text: string;
  readonly #insertions = new Map<number, Insertion>();
  readonly #replacements = new Map<number, { readonly end: number; readonly text: string }>();

  #before = '';
  #after = '';

  constructor(text: string) {
    this.#text = text;
  }

  /** Inserts what belongs to the thing that starts at `offset`. Call it for the outer thing first. */
  open(offset: number, text: string): void {
    this.#at(offset).open += text;
  }

  /** Inserts what belongs to the thing that ends at `offset`. Call it for the inner thing first. */
  close(offset: number, text: string): void {
    this.#at(offset).close += text;
  }

  /** Puts `text` in place of a range; ranges must not overlap. Line breaks in the range stay, so that lines keep their numbers. */
  replace(start: number, end: number, text: string): void {
    const breaks = this.#text.slice(start, end).replace(/[^\n]/g, '');
    this.#replacements.set(start, { end, text: text + breaks });
  }

  /** Removes a range but for its line breaks. */
  remove(start: number, end: number): void {
    this.replace(start, end, '');
  }

  /** Puts text before and after everything. */
  surround(before: string, after: string): void {
    this.#before = before + this.#before;
    this.#after += after;
  }

  apply(): EditedText {
    const offsets = [...new Set([...this.#insertions.keys(), ...this.#replacements.keys()])].sort((a, b) => a - b);
    let text = this.#before;
    let from = 0;
    const marks: Mark[] = [{ offset: 0, before: text.length, from: 0, after: text.length }];
    for (const offset of offsets) {
      if (offset < from) continue;
      text += this.#text.slice(from, offset);
      const { close = '', open = '' } = this.#insertions.get(offset) ?? {};
      const replacement = this.#replacements.get(offset);
      text += close;
      const before = text.length;
      text += open + (replacement?.text ?? '');
      from = replacement?.end ?? offset;
      marks.push({ offset, before, from, after: text.length });
    }
    return new EditedText(text + this.#text.slice(from) + this.#after, marks, this.#text.length);
  }

  #at(offset: number): Insertion {
    let insertion = this.#insertions.get(offset);
    if (!insertion) {
      insertion = { close: '', open: '' };
      this.#insertions.set(offset, insertion);
    }
    return insertion;
  }
}

/** One place where the new text differs: the old range `offset`..`from` became the new `before`..`after`. */
interface Mark {
  readonly offset: number;
  readonly before: number;
  readonly from: number;
  readonly after: number;
}

export class EditedText {
  readonly text: string;
  readonly #marks: readonly Mark[];
  /** Of the old text. */
  readonly #length: number;

  constructor(text: string, marks: readonly Mark[], length: number) {
    this.text = text;
    this.#marks = marks;
    this.#length = length;
  }

  /** Where the thing that was at `offset` of the old text begins now, with what was opened before it. */
  placeOf(offset: number): number {
    const mark = lastMark(this.#marks, (each) => each.offset <= offset);
    if (!mark) return offset;
    return offset === mark.offset ? mark.before : mark.after + Math.max(0, offset - mark.from);
  }

  /** Where in the old text the `offset` of the new one came from; inserted text comes from where it was inserted. */
  originOf(offset: number): number {
    const mark = lastMark(this.#marks, (each) => each.before <= offset);
    if (!mark) return 0;
    return offset < mark.after ? mark.offset : Math.min(mark.from + (offset - mark.after), this.#length);
  }
}

/** The last mark that passes; those that do come first. */
function lastMark(marks: readonly Mark[], passes: (mark: Mark) => boolean): Mark | undefined {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(marks[middle] as Mark)) low = middle + 1;
    else high = middle;
  }
  return marks[low - 1];
}
