import type { Clock } from '@medkit/edges';
import type { IngestPart } from '@medkit/fleet';

/** Records of one transaction: more would delay the records of other robots. */
const MAX_RECORDS = 1000;
/** Characters of the records of one transaction. */
const MAX_CHARS = 1_048_576;
/** Least time between the starts of two transactions: at 500 records a second, one for each costs half of a core. */
const LEAST_MS = 20;

interface Waiting<Outcome> {
  readonly part: IngestPart;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Returns a function that stores the records of robots, those of several robots in one transaction. The first part is
 * stored immediately; parts that arrive within 20 ms, or during the transaction, form the next ones, in the order of their
 * arrival. A robot waits for the outcome of a part before it hands over the next one, so that sessions bound the memory.
 */
export function ingestBatches<Outcome>(
  clock: Clock,
  store: (parts: readonly IngestPart[]) => Promise<ReadonlyMap<string, Outcome>>,
): (part: IngestPart) => Promise<Outcome> {
  const waiting: Waiting<Outcome>[] = [];
  let isStoring = false;

  const next = (): readonly Waiting<Outcome>[] => {
    let [records, chars, count] = [0, 0, 0];
    const robots = new Set<string>();
    for (const { part } of waiting) {
      records += part.records.length;
      chars += part.records.reduce((sum, { text }) => sum + text.length, 0);
      if (count > 0 && (records > MAX_RECORDS || chars > MAX_CHARS || robots.has(part.robot))) break;
      robots.add(part.robot);
      count += 1;
    }
    return waiting.splice(0, count);
  };
  const run = async (): Promise<void> => {
    isStoring = true;
    while (waiting.length > 0) {
      const batch = next();
      const startMs = clock.monotonicMs();
      try {
        const outcomes = await store(batch.map(({ part }) => part));
        for (const { part, resolve, reject } of batch) {
          if (outcomes.has(part.robot)) resolve(outcomes.get(part.robot)!);
          else reject(new Error(`the record has no outcome for ${part.robot}`));
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      const restMs = startMs + LEAST_MS - clock.monotonicMs();
      if (restMs > 0) await new Promise<void>((resolve) => clock.after(restMs, resolve));
    }
    isStoring = false;
  };
  return (part) =>
    new Promise((resolve, reject) => {
      waiting.push({ part, resolve, reject });
      if (!isStoring) void run();
    });
}
