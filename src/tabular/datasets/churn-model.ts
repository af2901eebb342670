// The causal model behind `churn`: how a customer comes about, cause by cause, and what makes them leave. The same chance with
// another action is the same person in another world, so that effects can be told row by row.
//
//   const chance = chanceOf(seededDraws(7));
//   const customer = customerOf(chance);                      // as it came
//   const without = customerOf(chance, { outages: 0 });       // had there been no outages: fewer calls, happier
//   TERMS.map(({ of }) => of(customer));                      // what each column adds to the log-odds of leaving

import { clamp, type Draws, logistic, pick, poisson, rounded, seededDraws } from './draws.js';

const STARTS = ['Ash', 'Brook', 'Elm', 'Fair', 'Glen', 'Mill', 'Oak', 'Stone'];
const ENDS = ['bridge', 'field', 'ford', 'haven', 'mouth', 'stead', 'ton', 'wick'];
export const TOWNS = STARTS.flatMap((start) => ENDS.map((end) => start + end));
export const CHANNELS = ['door to door', 'phone', 'reseller', 'shop', 'web'];
export const CONTRACTS = ['monthly', 'one year', 'two years'];
export const PLANS = ['basic', 'family', 'max', 'plus'];
/** The first two are old; the Nimbus drops its line. */
export const ROUTERS = [
  'AR1',
  'AR2',
  'BX100',
  'BX200',
  'BX300',
  'Halo',
  'Halo 2',
  'Nimbus',
  'Nimbus S',
  'Orbit',
  'Orbit Pro',
  'Tern',
];
const NIMBUS = ROUTERS.indexOf('Nimbus');

/** List price a month, and the log of the median traffic, of each plan. */
const FEES = [29, 59, 69, 45];
const TRAFFIC = [4.4, 5.9, 5.8, 5.2];

export const INTERCEPT = -2.1;

/** Codes of categories count from 0; yes is 1. */
export interface Customer {
  readonly town: number;
  readonly age: number;
  readonly channel: number;
  readonly contract: number;
  readonly plan: number;
  /** Months since signing up. */
  readonly tenure: number;
  /** Until the contract can end; 0 for a monthly one. */
  readonly monthsLeft: number;
  /** List price a month in euros. */
  readonly fee: number;
  readonly autoPay: number;
  readonly router: number;
  readonly devices: number;
  /** A month. */
  readonly usage: number;
  /** Per cent against three months before. */
  readonly usageChange: number;
  /** In the last 90 days. */
  readonly outages: number;
  /** In the last 90 days. */
  readonly calls: number;
  /** 1 to 10. */
  readonly satisfaction: number;
  readonly discount: number;
}

/** All that chance decides about a customer: quantiles in [0, 1), and of those in `normal` standard normal numbers. */
export interface Chance {
  readonly normal: {
    readonly age: number;
    readonly fee: number;
    readonly usage: number;
    readonly change: number;
    readonly satisfaction: number;
  };
  readonly town: number;
  readonly channel: number;
  readonly contract: number;
  readonly plan: number;
  readonly tenure: number;
  readonly day: number;
  readonly autoPay: number;
  readonly router: number;
  readonly devices: number;
  readonly outages: number;
  readonly calls: number;
  readonly discount: number;
  readonly target: number;
  readonly retention: number;
  readonly ageHidden: number;
  readonly usageHidden: number;
  readonly surveyHidden: number;
}

/** Columns set by hand, whatever would have caused them: Pearl's do-operator. */
export interface Action {
  readonly discount?: 0 | 1;
  readonly outages?: number;
}

export function chanceOf({ uniform, normal }: Draws): Chance {
  return {
    normal: { age: normal(), fee: normal(), usage: normal(), change: normal(), satisfaction: normal() },
    town: uniform(),
    channel: uniform(),
    contract: uniform(),
    plan: uniform(),
    tenure: uniform(),
    day: uniform(),
    autoPay: uniform(),
    router: uniform(),
    devices: uniform(),
    outages: uniform(),
    calls: uniform(),
    discount: uniform(),
    target: uniform(),
    retention: uniform(),
    ageHidden: uniform(),
    usageHidden: uniform(),
    surveyHidden: uniform(),
  };
}

/** What a town is like: the same in every draw of customers. A bad line and a rival's fibre go together. */
const towns = ((): { outages: number; rival: boolean; leaning: number }[] => {
  const { uniform, normal } = seededDraws(64);
  return TOWNS.map(() => {
    const bad = uniform();
    return { outages: 0.25 + 1.6 * bad ** 3, rival: uniform() < 0.15 + 0.5 * bad, leaning: 0.3 * normal() };
  });
})();

const yes = (condition: boolean): number => (condition ? 1 : 0);

/** The customer that chance makes, unless an action sets a column; what follows from that column follows from the action. */
export function customerOf(chance: Chance, action: Action = {}): Customer {
  const town = Math.floor(chance.town * TOWNS.length);
  const { outages: townOutages } = towns[town] as (typeof towns)[number];
  const age = clamp(Math.round(44 + 16 * chance.normal.age), 18, 92);
  const channel = pick(chance.channel, [0.08, 0.17, 0.15, 0.25 + 0.15 * yes(age > 55), 0.35 + 0.2 * yes(age < 35)]);
  const web = channel === 4;
  const contract = pick(chance.contract, [
    0.45 + 0.15 * yes(age < 30) + 0.1 * yes(web),
    0.3,
    0.25 + 0.15 * yes(channel === 0),
  ]);
  const plan = pick(chance.plan, [0.35, 0.2 + 0.2 * yes(age >= 35 && age <= 50), 0.15 + 0.15 * yes(age < 35), 0.3]);
  const tenure = 1 + Math.min(119, Math.floor(-26 * Math.log(1 - chance.tenure)));
  const length = [0, 12, 24][contract] as number;
  const monthsLeft = length === 0 ? 0 : length - (tenure % length);
  const fee =
    Math.round((FEES[plan] as number) + 3 * yes(contract === 0) - 3 * yes(contract === 2) + 3 * chance.normal.fee) -
    0.01;
  const autoPay = yes(chance.autoPay < logistic(0.8 - 0.02 * (age - 44)));
  const router = pick(
    chance.router,
    tenure > 36 ? [5, 5, 2, 1, 1, 1, 0, 1, 1, 1, 0, 1] : [0, 1, 1, 2, 2, 2, 2, 2, 2, 2, 1, 1],
  );
  const devices = 1 + poisson(chance.devices, 2 + 2.5 * yes(plan === 1));
  const usage = Math.round(
    Math.exp((TRAFFIC[plan] as number) - 0.012 * (age - 44) + 0.08 * (devices - 3) + 0.6 * chance.normal.usage),
  );
  const outages = action.outages ?? poisson(chance.outages, townOutages * (router === NIMBUS || router < 2 ? 1.8 : 1));
  const calls = poisson(chance.calls, 0.3 + 0.4 * outages + 0.5 * yes(tenure <= 3));
  const satisfaction = clamp(
    Math.round(
      8 - 0.75 * outages - 0.5 * Math.max(0, calls - 1) - 0.03 * (fee - 45) + 1.4 * chance.normal.satisfaction,
    ),
    1,
    10,
  );
  // The desk gives discounts to those who call and could go: it sees who is likely to leave.
  const offered = logistic(-2.2 + 0.7 * Math.min(calls, 4) + 1.2 * yes(monthsLeft <= 3) + 0.5 * yes(tenure > 24));
  const discount = action.discount ?? yes(chance.discount < offered);
  return {
    town,
    age,
    channel,
    contract,
    plan,
    tenure,
    monthsLeft,
    fee: rounded(fee, 2),
    autoPay,
    router,
    devices,
    usage,
    usageChange: Math.max(-95, Math.round(3 + 28 * chance.normal.change)),
    outages,
    calls,
    satisfaction,
    discount,
  };
}

const free = ({ monthsLeft }: Customer): boolean => monthsLeft <= 3; // can leave within the three months to come

/** What adds to the log-odds of leaving, beside INTERCEPT, and the columns each part reads. */
export const TERMS: readonly { readonly columns: readonly string[]; readonly of: (customer: Customer) => number }[] = [
  {
    columns: ['contract', 'months_left'],
    of: (customer) => (customer.contract === 0 ? 0.3 : free(customer) ? 0.7 : -1.9),
  },
  { columns: ['tenure_months'], of: ({ tenure }) => steps(tenure, [3, 10, 17, 61], [-0.8, 0, 1.8, 0, -0.4]) },
  { columns: ['monthly_fee', 'usage_gb'], of: ({ fee, usage }) => (fee / usage > 0.5 ? 1.8 : 0) },
  { columns: ['plan', 'usage_gb'], of: ({ plan, usage }) => (plan === 0 && usage > 120 ? 1.7 : 0) },
  { columns: ['usage_change'], of: ({ usageChange }) => (usageChange < -30 ? 1.3 : 0) },
  { columns: ['outages'], of: ({ outages }) => 0.1 * outages + (outages >= 3 ? 1.2 : 0) },
  { columns: ['support_calls'], of: ({ calls }) => steps(calls, [1, 2, 3], [0, -0.6, 0.1, 1]) },
  { columns: ['satisfaction'], of: ({ satisfaction }) => steps(satisfaction, [5, 7, 9], [1, 0.3, 0, -0.3]) },
  { columns: ['age'], of: ({ age }) => steps(age, [27, 66], [0.5, 0, -0.5]) },
  { columns: ['town'], of: ({ town }) => towns[town]?.leaning ?? 0 },
  {
    columns: ['town', 'plan', 'tenure_months'],
    of({ town, plan, tenure }) {
      if (towns[town]?.rival !== true) return 0;
      return (plan === 0 || plan === 3 ? 0.9 : 0) + (tenure > 24 ? 0.6 : 0);
    },
  },
  {
    columns: ['discount', 'contract', 'months_left'],
    of: (customer) => (customer.discount === 0 ? 0 : free(customer) ? -1.2 : -0.3),
  },
  { columns: ['auto_pay'], of: ({ autoPay }) => (autoPay === 1 ? -0.4 : 0) },
  { columns: ['channel'], of: ({ channel }) => (channel === 0 ? 0.5 : channel === 2 ? 0.2 : 0) },
];

/** The probability of leaving. */
export function probabilityOf(customer: Customer): number {
  let sum = INTERCEPT;
  for (const { of } of TERMS) sum += of(customer);
  return logistic(sum);
}

/** The height of the step a value is on; a step begins at each of `starts`. */
function steps(value: number, starts: readonly number[], heights: readonly number[]): number {
  let step = 0;
  while (step < starts.length && value >= (starts[step] as number)) step++;
  return heights[step] as number;
}
