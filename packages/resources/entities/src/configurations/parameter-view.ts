import { type ConfigurationEntry, type ConfigurationValue, type JsonValue, rawNumber } from '@medkit/core';

/** Formats the value of a parameter for a reply: a double keeps its fraction even if it is whole, `5.0`. */
function valueView({ type, value }: ConfigurationValue): unknown {
  if (type === 'double') return formatDouble(value);
  return type === 'double_array' && Array.isArray(value) ? value.map(formatDouble) : value;
}

/** Returns the name, type and value of a parameter for a reply. */
export function parameterView(name: string, configuration: ConfigurationValue) {
  return { name, value: valueView(configuration), type: configuration.type };
}

/** Returns all fields of a parameter for a reply. */
export function parameterDetail(entry: ConfigurationEntry) {
  const { name, type, description, readOnly, range, constraints } = entry;
  const limit = (value: JsonValue) => valueView({ type, value });
  return {
    ...parameterView(name, entry),
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

function formatDouble(value: JsonValue): unknown {
  if (typeof value !== 'number' || !Number.isInteger(value)) return value;
  const text = Object.is(value, -0) ? '-0' : String(value);
  return rawNumber(text.includes('e') ? text : `${text}.0`);
}
