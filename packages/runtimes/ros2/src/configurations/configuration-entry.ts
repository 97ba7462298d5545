import type { ConfigurationEntry, ConfigurationRange } from '@medkit/core';
import { type KnownParameter, type ParameterService, parameterToJson } from '@medkit/ros2';

/** Effect of a missing parameter service, for the client. */
const CONSEQUENCES: Readonly<Partial<Record<ParameterService, string>>> = {
  describe_parameters: 'The node does not offer describe_parameters: description, range and access are unknown',
  get_parameters: 'The node does not offer get_parameters: the value is unknown',
};

/** Converts a parameter to a configuration entry. */
export function configurationEntry({ name, value, descriptor, missing }: KnownParameter): ConfigurationEntry {
  const { description, readOnly, additionalConstraints } = descriptor;
  const constraints = missing === undefined ? additionalConstraints : CONSEQUENCES[missing];
  const range = rangeOf(descriptor);
  return {
    name,
    type: value.type === 'not_set' && missing === 'get_parameters' ? descriptor.type : value.type,
    value: parameterToJson(value),
    description,
    readOnly,
    ...(range && { range }),
    ...(constraints !== undefined && constraints !== '' && { constraints }),
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
