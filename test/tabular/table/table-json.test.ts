// Rows that a saved model keeps.

import { expect, test } from 'vitest';
import { categorical, date, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { tableFromJson, tableToJson } from '../../../src/tabular/table/table-json.js';

test('a table comes back exactly, missing values and all', () => {
  const table = new Table([
    numeric('x', [0.1, null, -0, Number.POSITIVE_INFINITY]),
    categorical('c', ['b', null, 'a', 'é'], ['b', 'a', 'é', 'never']),
    date('at', [new Date('2026-11-23'), null, 0, 1]),
  ]);
  const again = tableFromJson(JSON.parse(JSON.stringify(tableToJson(table))), 'The rows');
  expect(again).toEqual(table);
  expect(again.records()).toEqual(table.records());
});

test('what is no table is named', () => {
  expect(() => tableFromJson({}, 'The rows')).toThrow('The rows: not a saved table.');
  expect(() => tableFromJson({ columns: [{ name: 'x', kind: 'magic' }] }, 'The rows')).toThrow(
    "The rows, column 'x', is of no kind known: magic.",
  );
  expect(() => tableFromJson({ columns: [{ name: 'x', kind: 'numeric' }] }, 'The rows')).toThrow(
    "The rows, column 'x', is not an encoded list of numbers.",
  );
});
