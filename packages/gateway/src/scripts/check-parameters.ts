import type { ParameterCheck } from '@medkit/scripts';
import type { TSchema } from 'typebox';
import { fieldProblems, type Problem } from '../http/body-fields.ts';
import { typeBox } from '../http/type-box.ts';

/** Problems of one request that are told. */
const MAX_PROBLEMS = 20;

/**
 * Everything that is wrong with the parameters of a script by its schema. The schema came from outside: it is followed and
 * never made into code.
 */
export const problemsOf: ParameterCheck = (schema, parameters) => {
  try {
    const [fits, problems] = typeBox().Errors(schema as TSchema, parameters);
    if (fits) return [];
    return fieldProblems(problems.filter(({ message }) => message !== 'schema is false') as readonly Problem[])
      .slice(0, MAX_PROBLEMS)
      .map(({ field, message }) => ({ field: field === '' ? 'parameters' : `parameters.${field}`, message }));
  } catch (error) {
    // Schemas inside each other without end.
    if (error instanceof RangeError) return [{ field: 'parameters', message: 'they cannot be checked by the schema' }];
    throw error;
  }
};
