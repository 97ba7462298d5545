import type { Random } from '@medkit/edges';
import { InvalidMessage } from '../errors.ts';

const UUID_BYTES = 16;
const UUID_TEXT = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id that selects no particular goal in cancel requests. */
export const NO_GOAL_ID = '00000000-0000-0000-0000-000000000000';

/** Converts the 16 octets of `unique_identifier_msgs/msg/UUID` to a lower-case UUID with dashes. */
export function formatGoalId({ buffer, byteOffset }: Uint8Array): string {
  const hex = Buffer.from(buffer, byteOffset, UUID_BYTES).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Returns the 16 octets of a goal id. Throws `InvalidMessage` if the text is not a UUID. */
export function parseGoalId(goalId: string): Uint8Array {
  if (!UUID_TEXT.test(goalId)) {
    throw new InvalidMessage(`goal_id: expected a UUID in lower case, found ${JSON.stringify(goalId.slice(0, 60))}`);
  }
  // Copies the Buffer, because a structured clone would copy its whole pool.
  return new Uint8Array(Buffer.from(goalId.replaceAll('-', ''), 'hex'));
}

/** Creates a random id, UUID version 4 (RFC 9562, 5.4). */
export function randomGoalId(random: Random): string {
  const uuid = random.bytes(UUID_BYTES);
  uuid[6] = 0x40 | (uuid[6] & 0x0f);
  uuid[8] = 0x80 | (uuid[8] & 0x3f);
  return formatGoalId(uuid);
}
