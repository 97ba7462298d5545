import { InvalidDefinition, type MessageDefinition } from '../definitions/definition.ts';
import { parseMessage } from '../definitions/parse-message.ts';
import { linkType, type MessageType } from './message-type.ts';

/** Separators of different writers have different lengths. */
const SEPARATOR = /^={3,}[ \t]*\r?$/m;
const TITLE = /^\s*MSG:[ \t]*(\S+)[ \t]*\r?(?:\n|$)/;
/** Limits for untrusted recordings. A real type consists of a few dozen types. */
const MAX_TEXT_LENGTH = 1_000_000;
const MAX_PARTS = 1_000;

/**
 * Parses the output of `definitionText`: a type in MCAP's `ros2msg` format, followed by its nested types. `name` and
 * the names of the parts may be short, `std_msgs/Header` for `std_msgs/msg/Header`. Throws `InvalidDefinition`.
 */
export function readDefinitionText(name: string, text: string): MessageType {
  if (text.length > MAX_TEXT_LENGTH) throw new InvalidDefinition(`${name}: the definition is too long`);
  const [main = '', ...parts] = text.split(SEPARATOR);
  if (parts.length > MAX_PARTS) throw new InvalidDefinition(`${name}: more than ${MAX_PARTS} types`);
  const full = fullName(name);
  const definitions = new Map<string, MessageDefinition>([[full, parseMessage(full, main)]]);
  for (const part of parts) {
    const [title, short] = TITLE.exec(part) ?? [];
    if (title === undefined || short === undefined) {
      throw new InvalidDefinition(`${name}: a section does not name the type that it defines`);
    }
    const partName = fullName(short);
    // The first definition of a type wins, as in rosbag2.
    if (!definitions.has(partName)) definitions.set(partName, parseMessage(partName, part.slice(title.length)));
  }
  return linkType(full, definitions);
}

function fullName(name: string): string {
  const parts = name.split('/');
  return parts.length === 2 ? parts.join('/msg/') : name;
}
