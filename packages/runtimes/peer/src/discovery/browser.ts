import type { Clock, NetworkInterface, Random, Timer } from '@medkit/edges';
import type { LocalLink, Sender } from './local-link.ts';
import { isSameName, type Message } from './message.ts';
import { type Service, servicesIn } from './service-records.ts';

/** Interval of queries: a third of the lifetime of an answer, so that two may be lost. */
const ASK_MS = 40_000;
/** Delay before the first query is repeated, because it may be lost. */
const FIRST_ASK_MS = 1000;
/** Random delay, so that machines that are switched on together do not query at the same time. */
const SPREAD_MS = 200;

export interface BrowserOptions {
  readonly link: LocalLink;
  readonly clock: Clock;
  readonly random: Random;
  /** `_medkit._tcp.local`. */
  readonly type: string;
  /** Maximum stored services. */
  readonly maxServices: number;
  /** Called with every announcement. */
  readonly onFound: (service: Service) => void;
  readonly onGone: (service: Service, reason: 'goodbye' | 'expired') => void;
}

/** Discovers gateways that announce themselves. */
export interface Browser {
  /** Announcements that were not accepted. */
  readonly dropped: { readonly bad_port: number; readonly too_many: number };
  heard(message: Message, from: Sender): void;
  joined(on: NetworkInterface): void;
  close(): void;
}

/** Queries periodically, stores answers for their lifetime, and reports found and lost gateways. */
export function openBrowser(options: BrowserOptions): Browser {
  const { link, clock, random, type, maxServices, onFound, onGone } = options;
  const dropped = { bad_port: 0, too_many: 0 };
  const known = new Map<string, { readonly service: Service; readonly expiry: Timer }>();
  const question = { questions: [{ name: type, type: 'PTR' as const }] };
  /** When another machine sent the same query, by local address of the network. */
  const queriedMs = new Map<string, number>();
  let asking: Timer | undefined;

  const forget = (key: string, reason: 'goodbye' | 'expired'): void => {
    const gone = known.get(key);
    if (!gone) return;
    gone.expiry.cancel();
    known.delete(key);
    onGone(gone.service, reason);
  };
  const remember = (service: Service, ttlMs: number): void => {
    const key = keyOf(service);
    const before = known.get(key);
    if (!before && known.size >= maxServices) {
      dropped.too_many++;
      return;
    }
    before?.expiry.cancel();
    known.set(key, { service, expiry: clock.after(ttlMs, () => forget(key, 'expired')) });
    onFound(service);
  };
  const askIn = (ms: number, nextMs: number): void => {
    asking?.cancel();
    asking = clock.after(ms + random.float() * SPREAD_MS, () => {
      for (const on of link.interfaces) {
        const lastMs = queriedMs.get(on.address) ?? Number.NEGATIVE_INFINITY;
        if (clock.monotonicMs() - lastMs >= ASK_MS / 2) link.send(() => question, on);
      }
      askIn(nextMs, ASK_MS);
    });
  };
  askIn(0, FIRST_ASK_MS);

  return {
    dropped,
    heard: (message, { address, on }) => {
      if (!message.isResponse) {
        const isQueried = message.questions.some((entry) => entry.type === 'PTR' && isSameName(entry.name, type));
        // Answers to queries of other machines are received as well (RFC 6762, 7.3).
        if (isQueried && message.answers.length === 0 && address !== on.address)
          queriedMs.set(on.address, clock.monotonicMs());
        return;
      }
      for (const record of servicesIn(type, message, address)) {
        if (record.is === 'announced') remember(record.service, record.ttlMs);
        else if (record.is === 'goodbye') forget(keyOf(record), 'goodbye');
        else dropped.bad_port++;
      }
    },
    joined: (on) => link.send(() => question, on),
    close: () => {
      asking?.cancel();
      for (const { expiry } of known.values()) expiry.cancel();
      known.clear();
    },
  };
}

const keyOf = ({ label, address }: Pick<Service, 'label' | 'address'>): string => `${label.toLowerCase()}\n${address}`;
