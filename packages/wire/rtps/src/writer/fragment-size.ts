/**
 * The most a datagram of ours carries. Cyclone DDS has used the same limit for years: large enough that headers do not
 * count, small enough that one lost Ethernet frame costs ten others.
 */
export const MAX_MESSAGE_BYTES = 14_720;

/** A payload longer than this is sent in fragments of this size; the rest of the datagram is for headers and inline QoS. */
export const FRAGMENT_BYTES = 14_336;

/** How many fragments a payload takes; 1 stands for an unfragmented DATA. */
export const fragmentCount = (payload: Uint8Array): number => Math.max(1, Math.ceil(payload.length / FRAGMENT_BYTES));
