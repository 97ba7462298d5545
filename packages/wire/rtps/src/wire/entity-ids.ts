/** Entity ids as numbers, octets in wire order (RTPS 2.5, 9.3.1.2 and table 9.2). */
export const ENTITYID_UNKNOWN = 0;
export const ENTITYID_PARTICIPANT = 0x0000_01c1;
export const ENTITYID_SPDP_WRITER = 0x0001_00c2;
export const ENTITYID_SPDP_READER = 0x0001_00c7;
export const ENTITYID_SEDP_PUBLICATIONS_WRITER = 0x0000_03c2;
export const ENTITYID_SEDP_PUBLICATIONS_READER = 0x0000_03c7;
export const ENTITYID_SEDP_SUBSCRIPTIONS_WRITER = 0x0000_04c2;
export const ENTITYID_SEDP_SUBSCRIPTIONS_READER = 0x0000_04c7;
export const ENTITYID_PARTICIPANT_MESSAGE_WRITER = 0x0002_00c2;
export const ENTITYID_PARTICIPANT_MESSAGE_READER = 0x0002_00c7;

/** The last octet of a user endpoint's entity id. */
export const USER_WRITER_WITH_KEY = 0x02;
export const USER_WRITER_NO_KEY = 0x03;
export const USER_READER_NO_KEY = 0x04;
export const USER_READER_WITH_KEY = 0x07;

/** Returns whether the topic of a user endpoint has a key. */
export function isKeyed(entityId: number): boolean {
  const kind = entityId & 0x3f;
  return kind === USER_WRITER_WITH_KEY || kind === USER_READER_WITH_KEY;
}

const BUILTIN_BITS = 0xc0;

/** Returns whether the endpoint is builtin. Builtin endpoints use the metatraffic locators. */
export const isBuiltin = (entityId: number): boolean => (entityId & BUILTIN_BITS) === BUILTIN_BITS;

/** BuiltinEndpointSet_t (RTPS 2.5, 9.3.2.12). */
export const BUILTIN_PARTICIPANT_ANNOUNCER = 1 << 0;
export const BUILTIN_PARTICIPANT_DETECTOR = 1 << 1;
export const BUILTIN_PUBLICATIONS_ANNOUNCER = 1 << 2;
export const BUILTIN_PUBLICATIONS_DETECTOR = 1 << 3;
export const BUILTIN_SUBSCRIPTIONS_ANNOUNCER = 1 << 4;
export const BUILTIN_SUBSCRIPTIONS_DETECTOR = 1 << 5;
export const BUILTIN_PARTICIPANT_MESSAGE_WRITER = 1 << 10;
export const BUILTIN_PARTICIPANT_MESSAGE_READER = 1 << 11;

/** The builtin endpoints of every medkit participant. */
export const MEDKIT_BUILTIN_ENDPOINTS =
  BUILTIN_PARTICIPANT_ANNOUNCER |
  BUILTIN_PARTICIPANT_DETECTOR |
  BUILTIN_PUBLICATIONS_ANNOUNCER |
  BUILTIN_PUBLICATIONS_DETECTOR |
  BUILTIN_SUBSCRIPTIONS_ANNOUNCER |
  BUILTIN_SUBSCRIPTIONS_DETECTOR |
  BUILTIN_PARTICIPANT_MESSAGE_WRITER |
  BUILTIN_PARTICIPANT_MESSAGE_READER;
