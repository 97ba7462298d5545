import type { ArrayShape, Field, MessageDefinition } from './definition.ts';

/** Returns a field of a derived type. */
export function derivedField(name: string, type: string, array?: ArrayShape): Field {
  return { name, type, array, stringBound: undefined, defaultValue: undefined };
}

/** rosidl wraps the optional parts of a service event like this. */
const AT_MOST_ONE: ArrayShape = { kind: 'bounded', length: 1 };

/**
 * Returns the types of a service: request, response, the event of service introspection, and the service itself. The
 * service itself is never sent but has a description and a hash (REP 2016).
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
