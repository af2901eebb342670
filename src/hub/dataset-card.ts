/**
 * What a data set's README says of itself in its head, as the hub reads it (`cardData`): which files make which split, and
 * what the numbers of a label column mean.
 *
 *     configs:                                  dataset_info:
 *     - config_name: default                      features:
 *       data_files:                               - name: label
 *       - split: train                              dtype:
 *         path: data/train-*                          class_label:
 *                                                       names: { '0': negative, '1': positive }
 *
 * People write these by hand: what cannot be understood is left out, as if it were not there.
 */
import { z } from 'zod';

/** A config: one of several data sets that a repository holds. */
export interface CardConfig {
  readonly name: string;
  readonly isDefault: boolean;
  /** A split and the patterns of its files; without them, files are found by their names. */
  readonly dataFiles: readonly { readonly split: string; readonly patterns: readonly string[] }[] | undefined;
  /** The folder its files are in, `''` for the repository itself. */
  readonly folder: string;
}

export interface DatasetCard {
  readonly configs: readonly CardConfig[];
  /** The label names of a config's column, in the order of their numbers. */
  labelsOf(config: string, column: string): readonly string[] | undefined;
}

const oneOrMore = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((one) => [one]), z.array(item)]) as z.ZodType<z.output<T>[]>;
const patterns = oneOrMore(z.string().min(1));
const configSchema = z.object({
  config_name: z.coerce.string().default('default'),
  default: z.boolean().default(false).catch(false),
  data_dir: z.string().default('').catch(''),
  data_files: z
    .union([
      z.array(z.object({ split: z.string().min(1), path: patterns })),
      patterns.transform((path) => [{ split: 'train', path }]),
      z
        .record(z.string(), patterns)
        .transform((splits) => Object.entries(splits).map(([split, path]) => ({ split, path }))),
    ])
    .optional()
    .catch(undefined),
});
const featureSchema = z.object({
  name: z.string(),
  dtype: z.object({
    class_label: z.object({ names: z.union([z.array(z.coerce.string()), z.record(z.string(), z.coerce.string())]) }),
  }),
});
const infoSchema = z.object({
  config_name: z.coerce.string().default('default'),
  features: z.array(z.unknown()).default([]),
});

/** @param cardData as the hub's API gives it; anything else counts as a card that says nothing */
export function readCard(cardData: unknown): DatasetCard {
  const card = z.object({ configs: z.unknown(), dataset_info: z.unknown() }).partial().safeParse(cardData).data ?? {};
  const configs = each(card.configs, configSchema).map(
    ({ config_name, default: isDefault, data_files, data_dir }): CardConfig => ({
      name: config_name,
      isDefault,
      dataFiles: data_files?.map(({ split, path }) => ({ split, patterns: path.map(withoutDot) })),
      folder: withoutDot(data_dir).replace(/\/+$/, ''),
    }),
  );
  const infos = each(card.dataset_info, infoSchema);
  return {
    configs,
    labelsOf(config, column) {
      const info =
        infos.find(({ config_name }) => config_name === config) ?? (infos.length === 1 ? infos[0] : undefined);
      const feature = each(info?.features, featureSchema).find(({ name }) => name === column);
      return feature && inOrder(feature.dtype.class_label.names);
    },
  };
}

/** The items of a list, or a single one, that have the form of the schema. */
function each<T extends z.ZodType>(value: unknown, schema: T): z.output<T>[] {
  const items = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return items.flatMap((item) => {
    const read = schema.safeParse(item);
    return read.success ? [read.data] : [];
  });
}

/** Names by number as a list; undefined if a number is left out. */
function inOrder(names: readonly string[] | Readonly<Record<string, string>>): readonly string[] | undefined {
  const list = Array.isArray(names) ? names : Object.keys(names).map((_, i) => (names as Record<string, string>)[i]);
  return list.length > 0 && list.every((name) => name !== undefined) ? list : undefined;
}

function withoutDot(path: string): string {
  return path.replace(/^(\.?\/)+/, '').replace(/^\.$/, '');
}
