import type { ArrayShape, Field, MessageDefinition } from './definition.ts';

/** A field of another type, or of a primitive, as derived types have them. */
export function derivedField(name: string, type: string, array?: ArrayShape): Field {
  return { name, type, array, stringBound: undefined, defaultValue: undefined };
}

/** rosidl wraps the optional parts of a service event so. */
const AT_MOST_ONE: ArrayShape = { kind: 'bounded', length: 1 };

/**
 * The types of a service: request, response, the event that service introspection publishes, and the service itself,
 * which never is on the wire but has a description and a hash (REP 2016).
 */
export function serviceTypes(
  name: string,
  request: MessageDefinition,
  response: MessageDefinition,
): readonly MessageDefinition[] {
  const event: MessageDefinition = {
    name: `${name}_Event`,
    fields: [
      derivedField('info', 'service_msgs/msg/ServiceEventInfo'),
      derivedField('request', request.name, AT_MOST_ONE),
      derivedField('response', response.name, AT_MOST_ONE),
    ],
    constants: [],
  };
  const service: MessageDefinition = {
    name,
    fields: [
      derivedField('request_message', request.name),
      derivedField('response_message', response.name),
      derivedField('event_message', event.name),
    ],
    constants: [],
  };
  return [request, response, event, service];
}
