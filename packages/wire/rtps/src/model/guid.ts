/** A GUID (RTPS 2.5, 8.2.4): 32 lower-case hex digits, the first 24 the participant's prefix, the last 8 the entity id. */
export type Guid = string;

/** The first 12 octets of a GUID as 24 lower-case hex digits: one per participant. */
export type GuidPrefix = string;

/** The participant's part of a GUID. */
export const prefixOf = (guid: Guid): GuidPrefix => guid.slice(0, 24);
