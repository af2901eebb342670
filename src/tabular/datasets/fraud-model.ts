// The causal model behind `fraud`: cards and merchants, when who pays where, whether a thief does, and what that changes about
// the amount, the place and the device. Densities are known on both sides, so Bayes' rule gives each payment's true probability.
//
//   const payments = paymentsOf(50_000, seededDraws(11));
//   BEFORE;   // what causes fraud: the circumstances, on the log-odds scale
//   AFTER;    // what fraud causes: how much likelier the amount, the distance and the device are under it

import { type Draws, logistic, pick, rounded, seededDraws } from './draws.js';

/** A category of merchants: how often it is met online, its amounts against a card's usual one, and how much thieves like it. */
interface Category {
  readonly name: string;
  readonly online: number;
  readonly amount: number;
  readonly risk: number;
}
const KINDS: readonly Category[] = [
  { name: 'clothing', online: 0.5, amount: 1.8, risk: 0 },
  { name: 'electronics', online: 0.6, amount: 5, risk: 0.9 },
  { name: 'fuel', online: 0, amount: 1.5, risk: 0 },
  { name: 'furniture', online: 0.4, amount: 6, risk: 0 },
  { name: 'gaming', online: 1, amount: 0.9, risk: 0.7 },
  { name: 'gift cards', online: 0.7, amount: 2, risk: 1.4 },
  { name: 'groceries', online: 0.1, amount: 1, risk: -0.6 },
  { name: 'hotels', online: 0.7, amount: 5, risk: 0.2 },
  { name: 'jewellery', online: 0.3, amount: 8, risk: 0.8 },
  { name: 'pharmacies', online: 0.2, amount: 0.7, risk: -0.3 },
  { name: 'restaurants', online: 0.1, amount: 1.1, risk: -0.4 },
  { name: 'streaming', online: 1, amount: 0.4, risk: 0 },
  { name: 'taxis', online: 0.5, amount: 0.6, risk: -0.2 },
  { name: 'travel', online: 0.8, amount: 7, risk: 0.4 },
];
const OWNERS = (
  'Abel Baum Cole Dahl Egan Falk Gray Hart Ives Jung Kerr Lund Moss Nash Orr Penn Quist Reid Stark Thorn Udall Voss Ward ' +
  'Xu York Zeller Bright Lane'
).split(' ');

export const CATEGORIES = KINDS.map(({ name }) => name);
/** Each owner has one of each category: 392. */
export const MERCHANTS = OWNERS.flatMap((owner) => CATEGORIES.map((category) => `${owner} ${category}`));
export const COUNTRIES = ['AT', 'BE', 'CZ', 'DE', 'DK', 'ES', 'FR', 'GB', 'IT', 'NL', 'PL', 'US'];
const HOME = COUNTRIES.indexOf('DE');
export const ENTRIES = ['chip', 'contactless', 'magnetic stripe', 'online'];
const [CHIP, STRIPE, ONLINE] = [0, 2, 3];

/** Log-odds of fraud where all terms are 0. */
export const INTERCEPT = -7.15;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The first day of the 90. */
const START = Date.UTC(2026, 0, 1);
const DAYS = 90;

interface Card {
  /** Logs of the usual amount in euros and of the usual distance from home in km. */
  readonly amount: number;
  readonly reach: number;
  /** How widely its number is known, on the log-odds scale. */
  readonly exposed: number;
  readonly months: number;
}

interface Merchant {
  readonly category: number;
  readonly online: boolean;
  readonly country: number;
  /** How little it checks, on the log-odds scale. */
  readonly lax: number;
  /** Whether its terminals say where they are. */
  readonly placed: boolean;
}

/** The same in every draw of payments. */
const merchants: readonly Merchant[] = (() => {
  const { uniform, normal } = seededDraws(392);
  return MERCHANTS.map((_, place) => {
    const category = place % KINDS.length;
    const lax = 0.7 * normal();
    return {
      category,
      online: uniform() < (KINDS[category] as Category).online,
      country: uniform() < 0.75 ? HOME : Math.floor(uniform() * COUNTRIES.length),
      lax,
      placed: uniform() >= (lax > 0.7 ? 0.5 : 0.04),
    };
  });
})();

/** A payment. Codes of categories count from 0; yes is 1. */
export interface Payment {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** 0 to 23. */
  readonly hour: number;
  readonly card: number;
  readonly merchant: number;
  readonly category: number;
  readonly country: number;
  readonly entry: number;
  /** By PIN or the bank's app. */
  readonly verified: number;
  /** Since the card's payment before; NaN for its first. */
  readonly minutesSinceLast: number;
  /** By this card in the 24 hours before. */
  readonly recent: number;
  /** The card has not paid there before. */
  readonly newMerchant: number;
  readonly cardMonths: number;
  /** The card's usual amount, in euros. */
  readonly usualAmount: number;
  readonly amount: number;
  /** From home; NaN online and where the terminal does not say. */
  readonly distance: number;
  /** 1 or 0; NaN where there is a card and no device. */
  readonly deviceKnown: number;
  readonly fraud: number;
  readonly exposed: number;
  readonly lax: number;
  /** Log of what an honest amount would be in the middle, and of an honest distance. */
  readonly expectedAmount: number;
  readonly expectedDistance: number;
}

export const cardCount = (rows: number): number => Math.max(20, Math.round(rows / 20));

/** The payments in the order of their time. */
export function paymentsOf(rows: number, draws: Draws): Payment[] {
  const { uniform, normal } = draws;
  const cards = Array.from(
    { length: cardCount(rows) },
    (): Card => ({
      amount: Math.log(26) + 0.45 * normal(),
      reach: Math.log(6) + 0.6 * normal(),
      exposed: 0.7 * normal(),
      months: Math.floor(uniform() * 60),
    }),
  );
  const times = Float64Array.from({ length: rows }, () => timeOf(draws)).sort();
  const before = cards.map(() => ({ times: [] as number[], merchants: new Set<number>() }));
  return Array.from(times, (time) => {
    const code = Math.floor(uniform() ** 1.5 * cards.length);
    const card = cards[code] as Card;
    const past = before[code] as (typeof before)[number];
    const payment = payOnce(time, code, card, past, draws);
    past.times.push(time);
    past.merchants.add(payment.merchant);
    return payment;
  });
}

/** Few at night, most around noon and in the evening. */
function timeOf({ uniform }: Draws): number {
  const hours = [3, 2, 1, 1, 1, 2, 5, 10, 14, 16, 18, 22, 26, 22, 18, 18, 22, 28, 30, 26, 20, 14, 9, 5];
  const day = Math.floor(uniform() * DAYS);
  return START + day * DAY + Math.floor((pick(uniform(), hours) + uniform()) * 60) * MINUTE;
}

function payOnce(
  time: number,
  code: number,
  card: Card,
  past: { readonly times: readonly number[]; readonly merchants: ReadonlySet<number> },
  draws: Draws,
): Payment {
  const { uniform, normal } = draws;
  // Half of a card's payments go to its six regular merchants.
  const regular = uniform() < 0.5;
  const merchantCode = regular
    ? (code * 131 + Math.floor(uniform() * 6) * 67) % merchants.length
    : Math.floor(uniform() ** 1.4 * merchants.length);
  const merchant = merchants[merchantCode] as Merchant;
  const kind = KINDS[merchant.category] as Category;
  const abroad = merchant.country !== HOME;
  const entry = merchant.online ? ONLINE : pick(uniform(), abroad ? [0.6, 0.25, 0.15] : [0.45, 0.52, 0.03]);
  // Online, risky kinds of merchants ask for it more often and careless merchants less.
  const asked = logistic(0.2 + 1.1 * kind.risk - 0.9 * merchant.lax);
  const verified = Number(entry === CHIP || (entry === ONLINE && uniform() < asked));
  const last = past.times.at(-1);
  const payment: Draft = {
    time,
    hour: Math.floor((time - START) / HOUR) % 24,
    card: code,
    merchant: merchantCode,
    category: merchant.category,
    country: merchant.country,
    entry,
    verified,
    minutesSinceLast: last === undefined ? Number.NaN : (time - last) / MINUTE,
    recent: recentOf(past.times, time),
    newMerchant: Number(!past.merchants.has(merchantCode)),
    cardMonths: card.months,
    usualAmount: rounded(Math.exp(card.amount), 2),
    exposed: card.exposed,
    lax: merchant.lax,
    expectedAmount: card.amount + Math.log(kind.amount),
    expectedDistance: card.reach + (abroad ? Math.log(40) : 0),
    fraud: 0,
    amount: Number.NaN,
    distance: Number.NaN,
    deviceKnown: Number.NaN,
  };
  const thief = uniform() < logistic(logOddsBefore(payment));

  // What follows: thieves try a card with a small amount, or take much; they are farther away, on another device.
  const [amountChance, distanceChance, deviceChance] = [normal(), normal(), uniform()];
  const testing = uniform() < AMOUNT.testing;
  const { expectedAmount, expectedDistance } = payment;
  const honestAmount = expectedAmount + AMOUNT.spread * amountChance;
  const testAmount = AMOUNT.test + AMOUNT.testSpread * amountChance;
  const largeAmount = expectedAmount + AMOUNT.shift + AMOUNT.fraudSpread * amountChance;
  const logAmount = !thief ? honestAmount : testing ? testAmount : largeAmount;
  const logDistance = thief
    ? expectedDistance + DISTANCE.shift + DISTANCE.fraudSpread * distanceChance
    : expectedDistance + DISTANCE.spread * distanceChance;
  payment.fraud = Number(thief);
  payment.amount = Math.max(0.01, rounded(Math.exp(logAmount), 2));
  if (entry === ONLINE) payment.deviceKnown = Number(deviceChance < (thief ? DEVICE.fraud : DEVICE.honest));
  else if (merchant.placed) payment.distance = Math.max(0.01, rounded(Math.exp(logDistance), 2));
  return payment;
}

function recentOf(times: readonly number[], now: number): number {
  let count = 0;
  while (count < times.length && (times.at(-1 - count) as number) > now - DAY) count++;
  return count;
}

/** Logs of amounts in euros, of distances in km: their middle under fraud against honest ones, and standard deviations. */
const AMOUNT = { spread: 0.55, shift: 0.9, fraudSpread: 0.7, testing: 0.25, test: Math.log(1.5), testSpread: 0.4 };
const DISTANCE = { spread: 0.9, shift: 1.4, fraudSpread: 1.1 };
const DEVICE = { honest: 0.9, fraud: 0.35 };

/** While it comes about: what follows from fraud is set when that is known. */
type Draft = { -readonly [field in keyof Payment]: Payment[field] };

/** A part of the log-odds, and the columns it reads. */
interface Part {
  readonly columns: readonly string[];
  /** With `verified` as it came, or as set by hand. */
  readonly of: (payment: Payment, verified: number) => number;
}

const yes = (condition: boolean): number => (condition ? 1 : 0);

/** What makes fraud likelier, on the log-odds scale. */
export const BEFORE: readonly Part[] = [
  { columns: ['card'], of: ({ exposed }) => exposed },
  { columns: ['merchant'], of: ({ lax }) => lax },
  { columns: ['category'], of: ({ category }) => KINDS[category]?.risk ?? 0 },
  { columns: ['entry'], of: ({ entry }) => (entry === 0 ? 0 : entry === 1 ? 0.3 : entry === STRIPE ? 1.4 : 1.1) },
  { columns: ['verified', 'entry'], of: ({ entry }, verified) => (verified === 1 && entry === ONLINE ? -1.7 : 0) },
  { columns: ['hour', 'entry'], of: ({ hour, entry }) => (hour < 6 && entry === ONLINE ? 1.3 : 0) },
  { columns: ['minutes_since_last'], of: ({ minutesSinceLast }) => (minutesSinceLast < 30 ? 1.8 : 0) },
  { columns: ['payments_24h'], of: ({ recent }) => (recent >= 3 ? 0.9 : 0) },
  {
    columns: ['new_merchant', 'country', 'entry'],
    of: ({ newMerchant, country, entry }) =>
      newMerchant * (0.3 + yes(country !== HOME) * (0.9 + 0.8 * yes(entry === STRIPE))),
  },
];

/** The log-odds of fraud before anything is known that follows from it. */
function logOddsBefore(payment: Payment): number {
  let sum = INTERCEPT;
  for (const { of } of BEFORE) sum += of(payment, payment.verified);
  return sum;
}

/** What fraud has changed: the log of how much likelier the amount, the distance and the device are under it. */
export const AFTER: readonly Part[] = [
  {
    columns: ['amount', 'usual_amount', 'category'],
    of({ amount, expectedAmount }) {
      const log = Math.log(amount);
      const thieves =
        AMOUNT.testing * density(log, AMOUNT.test, AMOUNT.testSpread) +
        (1 - AMOUNT.testing) * density(log, expectedAmount + AMOUNT.shift, AMOUNT.fraudSpread);
      return Math.log(thieves / density(log, expectedAmount, AMOUNT.spread));
    },
  },
  {
    columns: ['distance_km', 'country'],
    of({ distance, expectedDistance }) {
      if (Number.isNaN(distance)) return 0;
      const log = Math.log(distance);
      const thieves = density(log, expectedDistance + DISTANCE.shift, DISTANCE.fraudSpread);
      return Math.log(thieves / density(log, expectedDistance, DISTANCE.spread));
    },
  },
  {
    columns: ['device_known'],
    of({ deviceKnown }) {
      if (Number.isNaN(deviceKnown)) return 0;
      return Math.log(deviceKnown === 1 ? DEVICE.fraud / DEVICE.honest : (1 - DEVICE.fraud) / (1 - DEVICE.honest));
    },
  },
];

/** Of a normal distribution, without the factor that cancels. */
const density = (value: number, mean: number, spread: number): number =>
  Math.exp(-(((value - mean) / spread) ** 2) / 2) / spread;
