/** The topics that an agent publishes on: each counts its messages separately. */
const PUBLISHED_TOPICS = ['connection', 'state', 'factsheet'] as const;
export type PublishedTopic = (typeof PUBLISHED_TOPICS)[number];
export type HeaderIds = Readonly<Record<PublishedTopic, number>>;

export const FIRST_IDS: HeaderIds = { connection: 0, state: 0, factsheet: 0 };

/** `headerId` is a uint32 and wraps to 0. */
const HEADER_IDS = 2 ** 32;
/** Ids reserved at a time: one file write per this many messages; a killed process skips at most this many ids. */
const RESERVED = 1000;
/** Ids reserved for messages on the topic `connection` below the id of the will, which the broker publishes last. */
const WILL_ROOM = 100;

export interface HeaderIdSource {
  /** Returns the next id of a topic. */
  take(topic: PublishedTopic): number;
  /** Returns an id for the will of a new connection: above its message ids, and below those of the next connection. */
  takeForWill(): number;
  /** First ids that this process has not used. */
  readonly next: HeaderIds;
}

/** Creates increasing ids from `first` on. Calls `reserve` with the first ids that a later process may use. */
export function headerIdSource(first: HeaderIds, reserve: (ids: HeaderIds) => void): HeaderIdSource {
  const next: Record<PublishedTopic, number> = { ...first };
  const reserved: Record<PublishedTopic, number> = { ...first };
  let willId: number | undefined;
  let hasSpoken = false;

  function ensureReserved(): void {
    if (PUBLISHED_TOPICS.every((topic) => next[topic] + RESERVED / 2 <= reserved[topic])) return;
    for (const topic of PUBLISHED_TOPICS) reserved[topic] = next[topic] + RESERVED;
    reserve(modulo(reserved));
  }

  ensureReserved();
  return {
    take(topic) {
      hasSpoken ||= topic === 'connection';
      const id = next[topic];
      next[topic] += 1;
      ensureReserved();
      return id % HEADER_IDS;
    },
    takeForWill() {
      if (willId === undefined || hasSpoken) {
        next.connection = Math.max(next.connection, (willId ?? -1) + 1);
        willId = next.connection + WILL_ROOM;
      }
      hasSpoken = false;
      ensureReserved();
      return willId % HEADER_IDS;
    },
    get next() {
      return modulo({ ...next, connection: Math.max(next.connection, (willId ?? -1) + 1) });
    },
  };
}

const modulo = ({ connection, state, factsheet }: HeaderIds): HeaderIds => ({
  connection: connection % HEADER_IDS,
  state: state % HEADER_IDS,
  factsheet: factsheet % HEADER_IDS,
});

/** Returns whether a value from a file is valid header ids. */
export function isHeaderIds(value: unknown): value is HeaderIds {
  if (typeof value !== 'object' || value === null) return false;
  return PUBLISHED_TOPICS.every((topic) => {
    const id = (value as Readonly<Record<string, unknown>>)[topic];
    return Number.isInteger(id) && Number(id) >= 0 && Number(id) < HEADER_IDS;
  });
}
