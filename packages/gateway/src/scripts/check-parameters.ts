import type { ParameterCheck } from '@medkit/scripts';
import type { TSchema } from 'typebox';
import { fieldProblems, type Problem } from '../http/body-fields.ts';
import { typeBox } from '../http/type-box.ts';

/** Maximum problems reported for one request. */
const MAX_PROBLEMS = 20;

/**
 * Returns the problems of a script's parameters according to its schema. The schema is untrusted: it is interpreted and
 * never compiled to code.
 */
export const problemsOf: ParameterCheck = (schema, parameters) => {
  try {
    const [fits, problems] = typeBox().Errors(schema as TSchema, parameters);
    if (fits) return [];
    return fieldProblems(problems.filter(({ message }) => message !== 'schema is false') as readonly Problem[])
      .slice(0, MAX_PROBLEMS)
      .map(({ field, message }) => ({ field: field === '' ? 'parameters' : `parameters.${field}`, message }));
  } catch (error) {
    // Schemas with endless recursion.
    if (error instanceof RangeError)
      return [{ field: 'parameters', message: 'they cannot be validated by the schema' }];
    throw error;
  }
};
