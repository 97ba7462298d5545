import type { Random } from '@medkit/edges';

/**
 * The `headerId` of messages on the topic `connection` is 32 bits: the upper half is drawn once for an installation, so that
 * an ONLINE that a broker has kept of an earlier process is known; the lower half for each process, so that no two of the same
 * millisecond are alike.
 */
const HALF = 2 ** 16;

/** Any 16 bits are a series. */
export const isSeries = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) < HALF;

const drawn = (random: Random): number => Math.floor(random.float() * HALF);

export const drawSeries = (random: Random): number => drawn(random);

/** The first `headerId` of a process. */
export const firstIdIn = (series: number, random: Random): number => series * HALF + drawn(random);

export const isOfSeries = (series: number, headerId: number): boolean => Math.floor(headerId / HALF) === series;
