// The `languages` data set: in which language are these names? Built from the Unicode CLDR that Node carries, so it needs
// no download: names of countries, languages and currencies, one to three of them joined as that language joins a list.
//
//   const languages = await loadDataset('languages');
//   languages.train[0];   // { text: 'Allemagne, tchouvache et yen japonais', label: 5 }, labels[5] === 'fr'
//   languages.languageNames[5];   // 'French'
//
// A name is used only where no other of these languages writes it alike (case and accents aside), so each text can be told.
// A country, language or currency belongs to one split in every language: a test text holds only things never met in training.

import { seededRandom, shuffled } from './random.js';
import type { TextDataset, TextRow } from './text-dataset.js';

/** The languages, as BCP-47 codes: 24 in 9 scripts. */
export const LANGUAGE_CODES = [
  ...['ar', 'cs', 'de', 'el', 'en', 'es', 'fa', 'fi', 'fr', 'he', 'hi', 'hu'],
  ...['it', 'ja', 'ko', 'nl', 'pl', 'pt', 'ru', 'sv', 'tr', 'uk', 'vi', 'zh'],
] as const;

/** Rows of each language in each split. */
export const ROWS_PER_LANGUAGE = { train: 60, validation: 10, test: 20 } as const;

const SEED = 42;
const NAMES_PER_TEXT = [1, 2, 3];
const SPLITS = ['train', 'validation', 'test'] as const;
type Split = (typeof SPLITS)[number];

/** A data set whose labels are language codes. */
export interface LanguagesDataset extends TextDataset {
  /** English names of the labels, in the same order: 'Arabic', 'Czech', ... */
  readonly languageNames: readonly string[];
}

/** Something that has a name in every language: a country (`DE`), a language (`ja`) or a currency (`USD`). */
interface Concept {
  readonly type: 'region' | 'language' | 'currency';
  readonly code: string;
  readonly split: Split;
}

/** Builds the data set; the same for every run of one Node version (CLDR changes a few names from version to version). */
export async function loadLanguages(): Promise<LanguagesDataset> {
  checkIcu();
  const concepts = assignSplits(listConcepts());
  const names = distinctNames(concepts);
  const rows: Record<Split, TextRow[]> = { train: [], validation: [], test: [] };
  for (const [label, code] of LANGUAGE_CODES.entries()) {
    for (const split of SPLITS) {
      const pool = (names.get(code) ?? []).filter((name) => name.concept.split === split).map((name) => name.text);
      const texts = phrases(code, pool, ROWS_PER_LANGUAGE[split], seededRandom(SEED + label));
      rows[split].push(...texts.map((text) => ({ text, label })));
    }
  }
  const random = seededRandom(SEED);
  const english = new Intl.DisplayNames(['en'], { type: 'language' });
  return {
    name: 'languages',
    labels: LANGUAGE_CODES,
    languageNames: LANGUAGE_CODES.map((code) => english.of(code) ?? code),
    train: shuffled(rows.train, random),
    validation: shuffled(rows.validation, random),
    test: shuffled(rows.test, random),
  };
}

/** `supported` is for the test: the languages that this Node has names in. */
export function checkIcu(supported = Intl.DisplayNames.supportedLocalesOf([...LANGUAGE_CODES])): void {
  const missing = LANGUAGE_CODES.filter((code) => !supported.includes(code));
  if (missing.length === 0) return;
  throw new Error(
    `languages: this Node (${process.version}) has no names in ${missing.join(', ')}: it was built without full ICU data. ` +
      'Use Node from https://nodejs.org, or give it the data: npm install full-icu, then NODE_ICU_DATA=node_modules/full-icu.',
  );
}

function listConcepts(): Omit<Concept, 'split'>[] {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const pairs = letters.flatMap((first) => letters.map((second) => first + second));
  return [
    ...pairs.map((code) => ({ type: 'region' as const, code: code.toUpperCase() })),
    ...pairs.map((code) => ({ type: 'language' as const, code })),
    ...Intl.supportedValuesOf('currency').map((code) => ({ type: 'currency' as const, code })),
  ];
}

/** Two thirds for training, a ninth for validation, two ninths for the test: the proportion of the rows. */
function assignSplits(concepts: readonly Omit<Concept, 'split'>[]): Concept[] {
  const { train, validation, test } = ROWS_PER_LANGUAGE;
  const total = train + validation + test;
  const english = displayNames('en');
  const named = shuffled(
    concepts.filter(({ type, code }) => nameOf(english[type], code) !== undefined),
    seededRandom(SEED),
  );
  return named.map((concept, i) => {
    const position = (i / named.length) * total;
    return { ...concept, split: position < train ? 'train' : position < train + validation ? 'validation' : 'test' };
  });
}

interface Name {
  readonly concept: Concept;
  readonly text: string;
}

/** For each language, the names that stand for one thing there and are written so in no other of the languages. */
function distinctNames(concepts: readonly Concept[]): Map<string, Name[]> {
  const uses = new Map<string, number>();
  const byLanguage = new Map<string, Name[]>();
  for (const language of LANGUAGE_CODES) {
    const namers = displayNames(language);
    const names = concepts.flatMap((concept): Name[] => {
      const text = nameOf(namers[concept.type], concept.code);
      return text === undefined ? [] : [{ concept, text }];
    });
    for (const { text } of names) uses.set(folded(text), (uses.get(folded(text)) ?? 0) + 1);
    byLanguage.set(language, names);
  }
  for (const [language, names] of byLanguage) {
    byLanguage.set(
      language,
      names.filter(({ text }) => uses.get(folded(text)) === 1),
    );
  }
  return byLanguage;
}

function displayNames(language: string): Record<Concept['type'], Intl.DisplayNames> {
  const namer = (type: Concept['type']) => new Intl.DisplayNames([language], { type, fallback: 'none' });
  return { region: namer('region'), language: namer('language'), currency: namer('currency') };
}

/** The name of a code, if there is one in plain letters (no years, brackets or codes). */
function nameOf(namer: Intl.DisplayNames, code: string): string | undefined {
  const name = namer.of(code);
  return name !== undefined && /^[\p{L}\p{M}\u200c'’ -]{2,}$/u.test(name) ? name : undefined;
}

/** Without case and accents: what is left of a text in an uncased model such as MiniLM. */
function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** `count` different phrases of one, two and three names in turn; names repeat only once all have been used. */
function phrases(language: string, pool: readonly string[], count: number, random: () => number): string[] {
  if (pool.length < count) {
    throw new Error(
      `languages: the CLDR of Node ${process.version} has only ${pool.length} names for ${count} texts in '${language}'.`,
    );
  }
  const list = new Intl.ListFormat([language], { type: 'conjunction' });
  const result = new Set<string>();
  let waiting: string[] = [];
  while (result.size < count) {
    const wanted = NAMES_PER_TEXT[result.size % NAMES_PER_TEXT.length] as number;
    if (waiting.length < wanted) waiting = shuffled(pool, random);
    result.add(list.format(waiting.splice(0, wanted)));
  }
  return [...result];
}
