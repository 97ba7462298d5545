import { formatTypeName, type TypeName } from '../names/type-names.ts';
import { InvalidDefinition, type MessageDefinition } from './definition.ts';
import { actionTypes } from './derive-action.ts';
import { serviceTypes } from './derive-service.ts';
import { parseMessage } from './parse-message.ts';

const SEPARATOR = /^---[ \t]*(?:#.*)?$/m;

/**
 * Returns all types that one interface file defines: a message, or the types that ROS derives from a service or action.
 * Throws `InvalidDefinition`.
 */
export function parseInterface(base: TypeName, text: string): readonly MessageDefinition[] {
  const name = formatTypeName(base);
  switch (base.kind) {
    case 'msg':
      return [parseMessage(name, text)];
    case 'srv': {
      const [request, response] = parts(name, text, 2);
      return serviceTypes(name, parseMessage(`${name}_Request`, request), parseMessage(`${name}_Response`, response));
    }
    case 'action': {
      const [goal, result, feedback] = parts(name, text, 3);
      return actionTypes(name, {
        goal: parseMessage(`${name}_Goal`, goal),
        result: parseMessage(`${name}_Result`, result),
        feedback: parseMessage(`${name}_Feedback`, feedback),
      });
    }
  }
}

function parts(name: string, text: string, count: number): readonly string[] {
  const found = text.split(SEPARATOR);
  if (found.length !== count) {
    throw new InvalidDefinition(`${name}: expected ${count} parts separated by ---, found ${found.length}`);
  }
  return found;
}
