import { registerHooks } from 'node:module';

/** Gateways that were built wrong on purpose: each breaks something else that a storm of clients is to find. */
const BUILDS = {
  /** What comes by way of another gateway is not held against the locks of this one. */
  'locks-of-others': {
    module: 'locks/lock-guard.ts',
    right: 'if (!entity) return',
    wrong: "if (!entity || 'x-medkit-via' in exchange.headers) return",
  },
  /** A client that comes again gets the last event that it has seen once more. */
  'event-twice': {
    module: 'sse/event-feed.ts',
    right: 'seen.get(origin) ?? newestId, newestId)',
    wrong: 'seen.has(origin) ? Math.max(0, seen.get(origin) - 1) : newestId, newestId)',
  },
  /** Every other fault is acknowledged, and told, and not on disk. */
  'fault-not-stored': {
    module: 'storage/fault-storage.ts',
    right: '...faults.map(putFault)',
    wrong: '...faults.filter(({ code }) => !/[13579]$/.test(code)).map(putFault)',
  },
} as const;

export type WrongBuild = keyof typeof BUILDS;
export const WRONG_BUILDS = Object.keys(BUILDS) as readonly WrongBuild[];

/** Preloaded into a gateway: it is built as this variable says. */
const wanted = process.env['MEDKIT_TEST_WRONG_BUILD'];
if (wanted !== undefined) {
  const { module, right, wrong } = BUILDS[wanted as WrongBuild];
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.endsWith(module)) return loaded;
      const source = String(loaded.source);
      if (!source.includes(right)) throw new Error(`${module} has no "${right}" any more: break it in another way`);
      return { ...loaded, source: source.replace(right, wrong) };
    },
  });
}
