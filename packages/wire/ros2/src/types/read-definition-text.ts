import { InvalidDefinition, type MessageDefinition } from '../definitions/definition.ts';
import { parseMessage } from '../definitions/parse-message.ts';
import { linkType, type MessageType } from './message-type.ts';

/** Writers differ in how many signs they put between two types. */
const SEPARATOR = /^={3,}[ \t]*\r?$/m;
const TITLE = /^\s*MSG:[ \t]*(\S+)[ \t]*\r?(?:\n|$)/;
/** A recording may come from anywhere; a real type is made of some dozens at most. */
const MAX_TEXT_LENGTH = 1_000_000;
const MAX_PARTS = 1_000;

/**
 * Reads what `definitionText` writes: a type as `ros2msg` of MCAP has it, with the types that it is made of behind it.
 * `name` and the names of parts may be short, `std_msgs/Header` for `std_msgs/msg/Header`. Throws `InvalidDefinition`.
 */
export function readDefinitionText(name: string, text: string): MessageType {
  if (text.length > MAX_TEXT_LENGTH) throw new InvalidDefinition(`${name}: the definition is too long`);
  const [own = '', ...parts] = text.split(SEPARATOR);
  if (parts.length > MAX_PARTS) throw new InvalidDefinition(`${name}: more than ${MAX_PARTS} types`);
  const full = fullName(name);
  const definitions = new Map<string, MessageDefinition>([[full, parseMessage(full, own)]]);
  for (const part of parts) {
    const [title, short] = TITLE.exec(part) ?? [];
    if (title === undefined || short === undefined) {
      throw new InvalidDefinition(`${name}: a part does not say which type it defines`);
    }
    const partName = fullName(short);
    // The first one counts, as for rosbag2.
    if (!definitions.has(partName)) definitions.set(partName, parseMessage(partName, part.slice(title.length)));
  }
  return linkType(full, definitions);
}

function fullName(name: string): string {
  const parts = name.split('/');
  return parts.length === 2 ? parts.join('/msg/') : name;
}
