// For models that read numbers only: the columns of a table as numbers, or an error with the pipeline to write.

import { type Column, missingOf } from '../table/column.js';

/**
 * The values of columns that are all numeric and complete.
 * @param estimator the call to show behind the steps, such as 'logisticRegression()'
 * @throws Error naming the columns that are not, and the pipeline that makes them so
 */
export function completeNumbers(columns: readonly Column[], estimator: string): Float64Array[] {
  const dates = columns.filter(({ kind }) => kind === 'date').map(({ name }) => name);
  const categories = columns.filter(({ kind }) => kind === 'categorical').map(({ name }) => name);
  const incomplete = columns.filter((column) => missingOf(column) > 0).map(({ name }) => name);
  if (dates.length + categories.length + incomplete.length > 0) {
    const steps = [
      ...(dates.length > 0 ? ['dateParts()'] : []),
      ...(incomplete.length > 0 ? ['impute()'] : []),
      'standardize()',
      ...(categories.length > 0 ? ['oneHot()'] : []),
    ];
    const problems = [
      ...(dates.length > 0 ? [`${list(dates)} ${dates.length > 1 ? 'are dates' : 'is a date'}`] : []),
      ...(categories.length > 0 ? [`${list(categories)} ${categories.length > 1 ? 'are' : 'is'} categorical`] : []),
      ...(incomplete.length > 0
        ? [`${list(incomplete)} ${incomplete.length > 1 ? 'have' : 'has'} missing values`]
        : []),
    ];
    throw new Error(
      `${estimator.replace(/\(.*$/, '')} reads complete numbers only, and ${problems.join(', ')}. ` +
        `Use pipeline([${steps.join(', ')}], ${estimator}), or drop these columns.`,
    );
  }
  return columns.map((column) => {
    const { values } = column as Exclude<Column, { kind: 'categorical' }>;
    const row = values.findIndex((value) => !Number.isFinite(value));
    if (row >= 0)
      throw new Error(`The column '${column.name}' is ${values[row]} in row ${row}: numbers must be finite.`);
    return values;
  });
}

const list = (names: readonly string[]): string =>
  names.length > 4 ? `'${names.slice(0, 3).join("', '")}' and ${names.length - 3} others` : `'${names.join("', '")}'`;
