import { MalformedMessage } from './malformed-message.ts';

/**
 * Maximum message size: four times an order of a hundred nodes with actions. The standard leaves it to the two sides.
 */
export const MAX_MESSAGE_BYTES = 256 * 1024;
/** Maximum nesting. The standard defines eight levels; the rest is for values of action parameters. */
const MAX_DEPTH = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Parses the octets of a message as JSON. Throws `MalformedMessage` if they are not JSON, or too many. */
export function parseJson(octets: Uint8Array): unknown {
  if (octets.length > MAX_MESSAGE_BYTES) {
    throw new MalformedMessage(`it has ${octets.length} bytes, at most ${MAX_MESSAGE_BYTES} are accepted`);
  }
  const value = parsed(octets);
  if (isDeeper(value, MAX_DEPTH)) throw new MalformedMessage(`it nests deeper than ${MAX_DEPTH} levels`);
  if (hasInfinity(value)) throw new MalformedMessage('a number is beyond the range of a double');
  return value;
}

function parsed(octets: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(octets));
  } catch (cause) {
    const what = cause instanceof SyntaxError ? 'JSON' : 'UTF-8';
    throw new MalformedMessage(`it is not ${what}`, { cause });
  }
}

function hasInfinity(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasInfinity);
}

/** Descends at most `levels` levels, so that unlimited nesting is not followed. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}
