import type { ConfigurationEntry, ConfigurationRange } from '@medkit/core';
import { type KnownParameter, parameterToJson } from '@medkit/ros2';

/** A parameter as configuration. */
export function configurationEntry({ name, value, descriptor }: KnownParameter): ConfigurationEntry {
  const { description, readOnly, additionalConstraints } = descriptor;
  const range = rangeOf(descriptor);
  return {
    name,
    type: value.type,
    value: parameterToJson(value),
    description,
    readOnly,
    ...(range && { range }),
    ...(additionalConstraints !== '' && { constraints: additionalConstraints }),
  };
}

function rangeOf({ integerRange, floatRange }: KnownParameter['descriptor']): ConfigurationRange | undefined {
  const integers = integerRange && {
    from: parameterToJson({ type: 'int', value: integerRange.from }),
    to: parameterToJson({ type: 'int', value: integerRange.to }),
    ...(integerRange.step !== 0n && { step: parameterToJson({ type: 'int', value: integerRange.step }) }),
  };
  const floats = floatRange && {
    from: parameterToJson({ type: 'double', value: floatRange.from }),
    to: parameterToJson({ type: 'double', value: floatRange.to }),
    ...(floatRange.step !== 0 && { step: parameterToJson({ type: 'double', value: floatRange.step }) }),
  };
  return integers ?? floats;
}
