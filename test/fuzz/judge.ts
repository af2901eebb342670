/**
 * Judges what a reader does with a damaged file: it may read it, or say what is wrong with it in a sentence that names the
 * file or a field. It may not let an error of JavaScript itself through, take longer than 2 s, or fill the memory.
 */
import { expect } from 'vitest';

/** Errors that no reader means to throw, by how the engine words them. */
const LEAKED =
  /Cannot read propert|is not a function|is not iterable|not a constructor|Invalid (typed )?array (buffer )?length|Invalid array|Array buffer allocation|Maximum call stack|Invalid string length|Cannot (convert|destructure|mix|set propert|access|assign|create)|Invalid regular expression|out of (bounds|memory|range)|Reduce of empty|is not defined|offset is out|Invalid count|Invalid code point|\[object Object\]/;

/** Of the processor; by the clock ten times that, as others may be at work on this machine. */
const LONGEST_MS = 2000;
/** Over the whole run; a model of these tests takes less than 1 MB. */
const MOST_GROWTH_BYTES = 500e6;

export class Judge {
  readonly #findings = new Map<string, string>();
  readonly #before = process.resourceUsage().maxRSS;
  readonly #names: RegExp;
  #buffersBefore = 0;
  read = 0;
  refused = 0;

  /** @param names what at least one of must be in an error's message: the file, or the field it is about */
  constructor(names: RegExp) {
    this.#names = names;
  }

  /** @param what names the damage, so that a finding can be repeated */
  async judge(what: string, load: () => unknown): Promise<void> {
    this.#buffersBefore = process.memoryUsage().arrayBuffers;
    const began = performance.now();
    const usedBefore = process.cpuUsage();
    try {
      await load();
      this.read++;
    } catch (error) {
      this.refused++;
      const complaint = this.#complaintAbout(error);
      if (complaint !== undefined) this.#find(complaint, what);
    }
    const used = process.cpuUsage(usedBefore);
    const took = Math.max((used.user + used.system) / 1000, (performance.now() - began) / 10);
    if (took > LONGEST_MS) this.#find(`took ${Math.round(took)} ms`, what);
    const taken = process.memoryUsage().arrayBuffers - this.#buffersBefore;
    if (taken > MOST_GROWTH_BYTES) this.#find(`took ${Math.round(taken / 1e6)} MB`, what);
  }

  /** Fails with every kind of finding, each with one damage that shows it. */
  conclude(): void {
    const grown = (process.resourceUsage().maxRSS - this.#before) * 1024;
    expect([...this.#findings].map(([complaint, what]) => `${complaint} (${what})`)).toEqual([]);
    expect(grown).toBeLessThan(MOST_GROWTH_BYTES);
    // Some damage does no harm, most does; otherwise it is the damage that is broken.
    expect(this.refused).toBeGreaterThan(0);
    expect(this.read).toBeGreaterThan(0);
  }

  #complaintAbout(error: unknown): string | undefined {
    if (!(error instanceof Error)) return `threw ${typeof error}`;
    const line = error.stack?.split('\n').find((text) => /^\s+at .*\/(src|node_modules)\//.test(text)) ?? '';
    const place = line
      .trim()
      .replace(/^at .*\/(src|node_modules)\//, '$1/')
      .replace(/:\d+\)?$/, '');
    const said = `${error.name}: ${error.message.slice(0, 160)} [${place}]`;
    const kind = error.constructor;
    if (kind === TypeError || kind === ReferenceError || kind === SyntaxError || LEAKED.test(error.message)) {
      return `let through ${said}`;
    }
    if (!this.#names.test(error.message)) return `named neither file nor field: ${said}`;
    if (error.message.length > 2000) return `said too much: ${error.message.length} characters`;
    return undefined;
  }

  #find(complaint: string, what: string): void {
    // One finding a place: numbers and quoted values differ from damage to damage.
    const key = complaint.replace(/\d+/g, '#').replace(/"[^"]*"/g, '""');
    if (![...this.#findings.keys()].some((known) => known.replace(/\d+/g, '#').replace(/"[^"]*"/g, '""') === key)) {
      this.#findings.set(complaint, what);
    }
  }
}
