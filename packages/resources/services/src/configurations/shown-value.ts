import { type ConfigurationEntry, type ConfigurationValue, type JsonValue, rawNumber } from '@medkit/core';

/** Formats the value of a parameter for a reply: a double keeps its fraction even if it is whole, `5.0`. */
function shownValue({ type, value }: ConfigurationValue): unknown {
  if (type === 'double') return double(value);
  return type === 'double_array' && Array.isArray(value) ? value.map(double) : value;
}

/** Returns the name, type and value of a parameter for a reply. */
export function shownParameter(name: string, configuration: ConfigurationValue) {
  return { name, value: shownValue(configuration), type: configuration.type };
}

/** Returns all fields of a parameter for a reply. */
export function describedParameter(entry: ConfigurationEntry) {
  const { name, type, description, readOnly, range, constraints } = entry;
  const limit = (value: JsonValue) => shownValue({ type, value });
  return {
    ...shownParameter(name, entry),
    description,
    read_only: readOnly,
    ...(range && {
      range: {
        from: limit(range.from),
        to: limit(range.to),
        ...(range.step !== undefined && { step: limit(range.step) }),
      },
    }),
    ...(constraints !== undefined && { constraints }),
  };
}

function double(value: JsonValue): unknown {
  if (typeof value !== 'number' || !Number.isInteger(value)) return value;
  const text = Object.is(value, -0) ? '-0' : String(value);
  return rawNumber(text.includes('e') ? text : `${text}.0`);
}
