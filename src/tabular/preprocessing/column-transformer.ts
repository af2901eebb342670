// Steps that look at each column alone and put other columns in its place: what they have in common.
//
//   const fitted = new FittedColumns(step, features, new Map([['age', { mean: 40, scale: 12 }]]), 'churned');
//   fitted.transform(table);   // `age` scaled, other columns as they are

import { z } from 'zod';
import { type Feature, readFeatures } from '../features.js';
import type { Column, ColumnKind } from '../table/column.js';
import { Table } from '../table/table.js';
import type { FittedTransformer, Transformer, TransformerJson } from './transformer.js';

/** What a kind of step does to a column, given what it has learnt of it. */
export interface ColumnStep<C extends Column, State> {
  /** Its name, and its key in transformer-file.ts. */
  readonly kind: string;
  /** The kinds of columns it can work on. */
  readonly takes: readonly C['kind'][];
  /** What is learnt of a column, as JSON. */
  readonly state: z.ZodType<State>;
  /** The columns that take the column's place; how many and which may not depend on its rows. */
  apply(column: C, state: State): readonly Column[];
}

/** The option every such step has. */
export const columnsOption = z.array(z.string()).optional();

export interface ColumnsOption {
  /** The columns to work on. Default: all of a kind that the step takes, but the target. */
  readonly columns?: readonly string[];
}

/** A step whose state of a column `learn` finds in the training rows, which are then transformed like any others. */
export function columnTransformer<C extends Column, State>(
  step: ColumnStep<C, State>,
  settings: Readonly<Record<string, unknown>> & ColumnsOption,
  learn: (column: C) => State,
): Transformer {
  return {
    name: step.kind,
    settings,
    async fitTransform(train, target) {
      const states = new Map<string, State>();
      for (const column of chosenColumns(step, train, target, settings.columns)) {
        const state = learn(column);
        // A number that is not finite would not come back from a file.
        if (!step.state.safeParse(state).success)
          throw new Error(
            `${step.kind}: the column '${column.name}' has values too large to compute with, or infinite ones.`,
          );
        states.set(column.name, state);
      }
      const fitted = new FittedColumns(step, featuresWithout(train, target), states, target);
      return { fitted, train: fitted.transform(train) };
    },
  };
}

/** The columns of the training rows that a step works on. */
export function chosenColumns<C extends Column>(
  { kind: step, takes }: Pick<ColumnStep<C, unknown>, 'kind' | 'takes'>,
  train: Table,
  target: string | undefined,
  names: readonly string[] | undefined,
): C[] {
  const isTaken = (column: Column): column is C => (takes as readonly ColumnKind[]).includes(column.kind);
  if (target !== undefined) train.column(target);
  if (names === undefined) return train.columns.filter(({ name }) => name !== target).filter(isTaken);
  return names.map((name) => {
    if (name === target) throw new Error(`${step}: '${name}' is the target, which is left as it is.`);
    if (!train.has(name))
      throw new Error(`${step}: there is no column '${name}'. There are ${train.names.join(', ')}.`);
    const column = train.column(name);
    if (!isTaken(column))
      throw new Error(`${step}: the column '${name}' is ${column.kind}; it takes ${takes.join(' or ')} columns.`);
    return column;
  });
}

/** All columns but the target, as they are in training. */
export function featuresWithout(train: Table, target?: string): Feature[] {
  return train.columns
    .filter(({ name }) => name !== target)
    .map((column) => ({
      name: column.name,
      kind: column.kind,
      ...(column.kind === 'categorical' ? { categories: column.categories } : {}),
    }));
}

/** A step of this sort, fitted. */
export class FittedColumns<C extends Column, State> implements FittedTransformer {
  readonly name: string;
  readonly features: readonly Feature[];
  readonly #step: ColumnStep<C, State>;
  readonly #states: ReadonlyMap<string, State>;
  readonly #target: string | undefined;
  readonly #sources: ReadonlyMap<string, string>;

  constructor(
    step: ColumnStep<C, State>,
    features: readonly Feature[],
    states: ReadonlyMap<string, State>,
    target?: string,
  ) {
    this.name = step.kind;
    this.features = features;
    this.#step = step;
    this.#states = states;
    this.#target = target;
    this.#sources = this.#findSources();
  }

  transform(table: Table): Table {
    // Categories stay as the table has them: a step that tells an unknown one from a missing value does so by its name.
    const columns = readFeatures(
      table,
      this.features.map(({ name, kind }) => ({ name, kind })),
    ).flatMap((column) => this.#replace(column));
    if (this.#target !== undefined && table.has(this.#target)) columns.push(table.column(this.#target));
    return new Table(columns);
  }

  source(output: string): string | undefined {
    return this.#sources.get(output);
  }

  toJSON(): TransformerJson {
    return {
      kind: this.#step.kind,
      features: this.features,
      columns: [...this.#states].map(([name, state]) => ({ name, state })),
      ...(this.#target === undefined ? {} : { target: this.#target }),
    };
  }

  #replace(column: Column): readonly Column[] {
    return this.#states.has(column.name)
      ? this.#step.apply(column as C, this.#states.get(column.name) as State)
      : [column];
  }

  #findSources(): Map<string, string> {
    const sources = new Map<string, string>();
    for (const feature of this.features)
      for (const { name } of this.#replace(emptyColumn(feature))) {
        const other = name === this.#target ? name : sources.get(name);
        if (other !== undefined)
          throw new Error(
            `${this.name} makes a column '${name}' of '${feature.name}', and there is one already, from '${other}'. Rename one of the two.`,
          );
        sources.set(name, feature.name);
      }
    return sources;
  }
}

const featureJson = z.object({
  name: z.string(),
  kind: z.enum(['numeric', 'categorical', 'date']),
  categories: z.array(z.string()).optional(),
});

/** Reads a fitted step of this kind back. */
export function columnsReader<C extends Column, State>(
  step: ColumnStep<C, State>,
): (json: TransformerJson) => FittedTransformer {
  const schema = z.object({
    features: z.array(featureJson),
    columns: z.array(z.object({ name: z.string(), state: step.state })),
    target: z.string().optional(),
  });
  return (json) => {
    const { data, error } = schema.safeParse(json);
    if (data === undefined)
      throw new Error(
        `The step '${step.kind}' is damaged: ${error.issues[0]?.path.join('.')}: ${error.issues[0]?.message}.`,
      );
    const features = data.features.map(({ name, kind, categories }) => ({
      name,
      kind,
      ...(categories === undefined ? {} : { categories }),
    }));
    return new FittedColumns(step, features, new Map(data.columns.map((c) => [c.name, c.state as State])), data.target);
  };
}

function emptyColumn({ name, kind, categories = [] }: Feature): Column {
  if (kind === 'categorical') return { kind, name, codes: new Int32Array(), categories };
  return { kind, name, values: new Float64Array() };
}
