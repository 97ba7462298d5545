/** What every beacon serves about an entity, whoever heard of it. */
export const BEACON = 'x-medkit-beacon';

/** What each beacon of medkit serves besides, of what it heard itself. */
export const BEACON_NAMES = ['x-medkit-param-beacon', 'x-medkit-topic-beacon'] as const;

export type BeaconName = (typeof BEACON_NAMES)[number];
