import { createRequire } from 'node:module';
import type Type from 'typebox';

/** The options that a plugin is set up with, or the problems of the options given. */
export type CheckedOptions = { readonly options: unknown } | { readonly problems: readonly string[] };

/**
 * Checks options against the schema of a plugin and fills in defaults. Converts texts to the numbers, booleans and
 * lists that the schema requires, because a configuration contains only texts.
 */
export function checkedOptions(
  schema: Type.TSchema | undefined,
  raw: Readonly<Record<string, unknown>>,
): CheckedOptions {
  if (!schema) {
    const names = Object.keys(raw);
    return names.length === 0 ? { options: {} } : { problems: [`it has no options, found ${names.join(', ')}`] };
  }
  // Loaded with the first plugin that has options; a gateway without one takes 20 MB less memory.
  const { Check, Convert, Default, Errors }: typeof import('typebox/value') = createRequire(import.meta.url)(
    'typebox/value',
  );
  const options = Convert(schema, Default(schema, structuredClone(raw)));
  if (Check(schema, options)) return { options };
  const problems = Errors(schema, options)
    .filter(({ message }) => message !== 'schema is false')
    .map(({ instancePath, message, params, keyword }) => {
      const at = instancePath.slice(1).replaceAll('/', '.');
      if (keyword !== 'additionalProperties') return `${at || 'the options'} ${message}`;
      const unknown = (params as { readonly additionalProperties: readonly string[] }).additionalProperties;
      return `${at ? `${at} has` : 'there is'} no option ${unknown.join(', ')}`;
    });
  return { problems: [...new Set(problems)] };
}
