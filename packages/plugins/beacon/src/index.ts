/** Beacons: hints of nodes, their lifetime, and the entities and documents derived from them. */
export { type BeaconHint, emptyHint } from './hint/beacon-hint.ts';
export { metadataKeys } from './hint/checked-hint.ts';
export { atLeast } from './options/at-least.ts';
export { type HintOptions, hintOptions, hintSettings } from './options/hint-options.ts';
export { type Beacon, type BeaconSettings, type OpenBeaconOptions, openBeacon } from './serving/open-beacon.ts';
