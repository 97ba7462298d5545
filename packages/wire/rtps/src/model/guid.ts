/** A GUID (RTPS 2.5, 8.2.4) as 32 lower-case hex digits: 24 of the participant's prefix, then 8 of the entity id. */
export type Guid = string;

/** The first 12 octets of a GUID as 24 lower-case hex digits. Identifies a participant. */
export type GuidPrefix = string;

/** Returns the participant prefix of a GUID. */
export const prefixOf = (guid: Guid): GuidPrefix => guid.slice(0, 24);
