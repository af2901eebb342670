// Gathers what is measured of each kernel in a case, and makes rows of it: ours beside each other.
import { quantile, type Row } from '../report.js';

export interface FiguresOptions {
  readonly case: string;
  /** Names with versions, ours first. */
  readonly titles: ReadonlyMap<string, string>;
}

export class Figures {
  readonly #case: string;
  readonly #titles: ReadonlyMap<string, string>;
  /** By metric, then by contestant. */
  readonly #values = new Map<string, Map<string, number[]>>();
  readonly #compared = new Map<string, 'ratio' | 'difference'>();
  readonly #failed = new Map<string, string>();
  readonly #notes = new Set<string>();

  constructor(options: FiguresOptions) {
    this.#case = options.case;
    this.#titles = options.titles;
  }

  /** Keeps values of one contestant; null and Infinity stand for an answer that did not come. */
  add(name: string, metric: string, ...values: readonly (number | null)[]): void {
    const metrics = this.#values.get(metric) ?? new Map<string, number[]>();
    this.#values.set(metric, metrics);
    metrics.set(name, [...(metrics.get(name) ?? []), ...values.map((value) => value ?? Number.POSITIVE_INFINITY)]);
  }

  /** Differences say more than ratios, where a reference is the part that nobody can save. */
  byDifference(metric: string): void {
    this.#compared.set(metric, 'difference');
  }

  note(text: string): void {
    this.#notes.add(`${this.#case}: ${text}`);
  }

  /** A contestant that fails is told of and not asked again; what it has done counts. */
  fail(name: string, error: unknown): void {
    const words = error instanceof Error ? error.message : String(error);
    this.#failed.set(name, words.replaceAll(/\s+/g, ' ').slice(0, 400));
  }

  hasFailed(name: string): boolean {
    return this.#failed.has(name);
  }

  get notes(): string[] {
    const failed = [...this.#failed].map(
      ([name, words]) => `${this.#case}, ${this.#titles.get(name) ?? name}: ${words}`,
    );
    return [...this.#notes, ...failed];
  }

  rows(): Row[] {
    return [...this.#values].flatMap(([metric, values]) => {
      const ours = summary(values.get('ours') ?? []);
      const references = [...this.#titles.keys()].filter((name) => name !== 'ours' && values.has(name));
      // A figure of ours alone is told beside nothing.
      if (references.length === 0) return [this.#row(metric, ours, summary([]), 'nothing to compare with')];
      return references.map((name) =>
        this.#row(metric, ours, summary(values.get(name) ?? []), this.#titles.get(name) ?? name),
      );
    });
  }

  #row(metric: string, ours: Summary, reference: Summary, referenceName: string): Row {
    return {
      case: this.#case,
      metric,
      ours: ours.median,
      reference: reference.median,
      referenceName,
      ratio: ours.median / reference.median,
      ...(this.#compared.get(metric) === 'difference' ? { difference: ours.median - reference.median } : {}),
      ...(ours.quartiles && reference.quartiles
        ? { quartiles: { ours: ours.quartiles, reference: reference.quartiles } }
        : {}),
    };
  }
}

interface Summary {
  readonly median: number;
  /** Where there are at least three finite values. */
  readonly quartiles?: readonly [number, number];
}

/** NaN of nothing, Infinity where most answers did not come. */
export function summary(values: readonly number[]): Summary {
  const finite = values.filter(Number.isFinite);
  if (finite.length * 2 < values.length) return { median: Number.POSITIVE_INFINITY };
  const median = quantile(finite, 0.5);
  return finite.length < 3 ? { median } : { median, quartiles: [quantile(finite, 0.25), quantile(finite, 0.75)] };
}
