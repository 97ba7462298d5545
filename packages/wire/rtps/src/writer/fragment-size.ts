/**
 * Maximum size of a datagram, the same as in Cyclone DDS. Headers are then negligible, and one lost Ethernet frame
 * costs only ten others.
 */
export const MAX_MESSAGE_BYTES = 14_720;

/** Fragment size, and largest unfragmented payload. The rest of the datagram is for headers and inline QoS. */
export const FRAGMENT_BYTES = 14_336;

/** Returns the number of fragments of a payload. 1 means an unfragmented DATA. */
export const fragmentCount = (payload: Uint8Array): number => Math.max(1, Math.ceil(payload.length / FRAGMENT_BYTES));
