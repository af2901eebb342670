// Four real tables out of the npm package vega-datasets, with names that say what is in a column, and types put right.
// datasets/penguins, cars, movies and weather say where each comes from.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readCsvTable } from '../table/csv.js';
import { readDate } from '../table/dates.js';
import { tableFrom } from '../table/records.js';
import type { Table } from '../table/table.js';

/** A file of the package; it is found as Node finds packages. */
function vegaFile(name: string): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('vega-datasets')), '..', 'data', name);
}

type Json = Readonly<Record<string, unknown>>;
/** New name, the package's own, and what to do with a value that is there. */
type Field = readonly [name: string, own: string, change?: (value: never) => unknown];

async function readVega(name: string, fields: readonly Field[]): Promise<Table> {
  const records: readonly Json[] = JSON.parse(await readFile(vegaFile(name), 'utf8'));
  return tableFrom(
    records.map((record) =>
      Object.fromEntries(
        fields.map(([field, own, change]) => {
          const value = record[own] ?? undefined;
          return [field, value === undefined || change === undefined ? value : change(value as never)];
        }),
      ),
    ),
  );
}

/** 344 penguins of three species: which species, or how heavy? */
export const penguins = (): Promise<Table> =>
  readVega('penguins.json', [
    ['species', 'Species'],
    ['island', 'Island'],
    ['bill_length_mm', 'Beak Length (mm)'],
    ['bill_depth_mm', 'Beak Depth (mm)'],
    ['flipper_length_mm', 'Flipper Length (mm)'],
    ['body_mass_g', 'Body Mass (g)'],
    // One penguin's sex is a full stop.
    ['sex', 'Sex', (sex: string) => (sex === '.' ? undefined : sex.toLowerCase())],
  ]);

/** 406 cars of 1970 to 1982: how far on a gallon? */
export const cars = (): Promise<Table> =>
  readVega('cars.json', [
    ['name', 'Name'],
    ['miles_per_gallon', 'Miles_per_Gallon'],
    ['cylinders', 'Cylinders'],
    ['displacement_cu_in', 'Displacement'],
    ['horsepower', 'Horsepower'],
    ['weight_lb', 'Weight_in_lbs'],
    ['acceleration_s', 'Acceleration'],
    ['model_year', 'Year', (day: string) => Number(day.slice(0, 4))],
    ['origin', 'Origin'],
  ]);

/** 3,201 films with what they cost and earned: how well were they liked? */
export const movies = (): Promise<Table> =>
  readVega('movies.json', [
    // Nine titles are numbers in the file, such as 1776 and 2012.
    ['title', 'Title', String],
    ['us_gross_usd', 'US Gross'],
    ['worldwide_gross_usd', 'Worldwide Gross'],
    ['us_dvd_sales_usd', 'US DVD Sales'],
    ['production_budget_usd', 'Production Budget'],
    ['release_date', 'Release Date', releaseDate],
    ['mpaa_rating', 'MPAA Rating'],
    ['running_time_min', 'Running Time min'],
    ['distributor', 'Distributor'],
    ['source', 'Source'],
    ['major_genre', 'Major Genre'],
    ['creative_type', 'Creative Type'],
    ['director', 'Director'],
    ['rotten_tomatoes_percent', 'Rotten Tomatoes Rating'],
    ['imdb_rating', 'IMDB Rating'],
    ['imdb_votes', 'IMDB Votes'],
  ]);

/** 'Jun 12 1998'. */
function releaseDate(text: string): Date {
  const at = readDate(text, 'month name day year');
  if (at === undefined) throw new Error(`vega-datasets, movies.json: '${text}' is no release date.`);
  return new Date(at);
}

/** Four years of days in Seattle and New York: what will tomorrow be like? */
export const weather = async (): Promise<Table> => {
  const table = await readCsvTable(vegaFile('weather.csv'), { types: { date: 'year-month-day' } });
  const names: Readonly<Record<string, string>> = {
    precipitation: 'precipitation_mm',
    temp_max: 'temp_max_c',
    temp_min: 'temp_min_c',
    wind: 'wind_m_s',
  };
  return table.rename(names);
};
