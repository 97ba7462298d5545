/** Resource that every beacon serves for an entity, with the latest hint of all beacons. */
export const BEACON = 'x-medkit-beacon';

/** Resources with the hints of a single beacon. */
export const BEACON_NAMES = ['x-medkit-param-beacon', 'x-medkit-topic-beacon'] as const;

export type BeaconName = (typeof BEACON_NAMES)[number];
