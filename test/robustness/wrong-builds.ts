import { registerHooks } from 'node:module';

/** Deliberately wrong builds of the gateway: each has one defect that a storm of clients must detect. */
const BUILDS = {
  /** Requests forwarded by another gateway bypass the locks of this one. */
  'locks-of-others': {
    module: 'locks/lock-guard.ts',
    right: 'if (!entity) return',
    wrong: "if (!entity || 'x-medkit-via' in exchange.headers) return",
  },
  /** A reconnecting client receives the last event that it has seen again. */
  'event-twice': {
    module: 'sse/event-feed.ts',
    right: 'seen.get(origin) ?? newestId, newestId)',
    wrong: 'seen.has(origin) ? Math.max(0, seen.get(origin) - 1) : newestId, newestId)',
  },
  /** Every other fault is acknowledged and reported, but not stored on disk. */
  'fault-not-stored': {
    module: 'storage/fault-storage.ts',
    right: '...faults.map(putFault)',
    wrong: '...faults.filter(({ code }) => !/[13579]$/.test(code)).map(putFault)',
  },
} as const;

export type WrongBuild = keyof typeof BUILDS;
export const WRONG_BUILDS = Object.keys(BUILDS) as readonly WrongBuild[];

/** Preloaded into a gateway: this variable selects the defect. */
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
