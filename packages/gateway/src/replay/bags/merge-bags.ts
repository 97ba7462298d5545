import { type BagReader, BagUnreadable } from '@medkit/faults/reading';

/** Maximum recordings of one replay; each is an open file. */
export const MAX_BAGS = 100;

/** An opened recording and the name under which messages refer to it. */
export interface NamedBag {
  readonly name: string;
  readonly bag: BagReader;
}

/** The data of a message is damaged. */
export class DamagedBag extends BagUnreadable {
  readonly bag: NamedBag;
  /** The problem without the name of the recording. */
  readonly problem: string;

  constructor(bag: NamedBag, problem: string) {
    super(`${bag.name} ${problem}`);
    this.bag = bag;
    this.problem = problem;
  }
}

type Messages = ReturnType<BagReader['messages']>;
type Message = Messages extends AsyncIterable<infer One> ? One : never;

/** A message and the recording that contains it. */
export interface MergedMessage extends Message {
  readonly from: NamedBag;
}

interface Head {
  readonly from: NamedBag;
  readonly rest: AsyncIterator<Message>;
  message: Message;
}

/**
 * Reads several recordings in the order of their times, one message of each at a time. Messages of one recording keep
 * their order. Reads a recording from its start time on, so that only overlapping ones occupy memory. Rejects with
 * `DamagedBag` if the data of a message is damaged.
 */
export async function* mergeBags(
  bags: readonly NamedBag[],
  topics: ReadonlySet<string>,
): AsyncGenerator<MergedMessage> {
  const waiting = bags.toSorted((a, b) => Number(a.bag.startNs - b.bag.startNs));
  const heads: Head[] = [];
  const least = () =>
    heads.length === 0 ? undefined : heads.reduce((a, b) => (b.message.loggedNs < a.message.loggedNs ? b : a));
  try {
    for (;;) {
      let head = least();
      for (let from = waiting[0]; from && isDue(from, head); from = waiting[0]) {
        waiting.shift();
        const rest = from.bag.messages(topics)[Symbol.asyncIterator]();
        const first = await next(from, rest, undefined);
        if (first !== undefined) heads.push({ from, rest, message: first });
        head = least();
      }
      if (head === undefined) return;
      yield { ...head.message, from: head.from };
      const message = await next(head.from, head.rest, head.message.loggedNs);
      if (message === undefined) heads.splice(heads.indexOf(head), 1);
      else head.message = message;
    }
  } finally {
    await Promise.all(heads.map(({ rest }) => rest.return?.()));
  }
}

/** Returns whether a recording may have a message that is not later than the next message of the others. */
const isDue = ({ bag }: NamedBag, head: Head | undefined): boolean =>
  head === undefined || bag.startNs <= head.message.loggedNs;

async function next(
  from: NamedBag,
  rest: AsyncIterator<Message>,
  lastNs: bigint | undefined,
): Promise<Message | undefined> {
  try {
    const { done, value } = await rest.next();
    return done === true ? undefined : value;
  } catch (error) {
    const until =
      lastNs === undefined ? 'at its first message' : `after ${new Date(Number(lastNs / 1_000_000n)).toISOString()}`;
    throw new DamagedBag(from, `is damaged ${until}: ${(error as Error).message}. Repair it with \`mcap recover\``);
  }
}

/** A span of time that recordings cover, nanoseconds since 1970, both ends included. */
export interface Span {
  readonly startNs: bigint;
  readonly endNs: bigint;
}

/** Returns the spans that recordings cover, in order; overlapping recordings make one span. */
export function recordedSpans(bags: readonly NamedBag[]): readonly Span[] {
  const spans: Span[] = [];
  const filled = bags.map(({ bag }) => bag).filter(({ topics }) => topics.some(({ count }) => count > 0));
  for (const { startNs, endNs } of filled.toSorted((a, b) => (a.startNs < b.startNs ? -1 : 1))) {
    const last = spans.at(-1);
    if (last === undefined || startNs > last.endNs) spans.push({ startNs, endNs });
    else if (endNs > last.endNs) spans[spans.length - 1] = { startNs: last.startNs, endNs };
  }
  return spans;
}

/** Yields the times at which a gateway polls within spans, beginning one period after the start of each. */
export function* pollTimes(spans: readonly Span[], periodNs: bigint): Generator<bigint> {
  for (const { startNs, endNs } of spans) {
    for (let timeNs = startNs + periodNs; timeNs <= endNs; timeNs += periodNs) yield timeNs;
  }
}
