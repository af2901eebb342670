// Checks the options of an estimator or a step.

import type { z } from 'zod';

/**
 * The options with defaults filled in.
 * @throws Error naming what has the option, the option, its value and what is allowed
 */
export function checkOptions<Schema extends z.ZodType>(
  what: string,
  schema: Schema,
  options: unknown,
): z.output<Schema> {
  const checked = schema.safeParse(options);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(({ path, message }) => {
    const value = path.reduce<unknown>(
      (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
      options,
    );
    const given = path.length === 0 || value === undefined ? '' : ` is ${JSON.stringify(value) ?? String(value)}`;
    return path.length === 0 ? message : `${path.join('.')}${given} (${message})`;
  });
  throw new Error(`${what}: wrong options: ${problems.join('; ')}.`);
}
