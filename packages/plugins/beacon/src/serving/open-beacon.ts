import { oncePerKey, quotaBlock, type RuntimeHealth } from '@medkit/core';
import type { PluginContext, PluginParts } from '@medkit/plugin';
import type { BeaconHint } from '../hint/beacon-hint.ts';
import { checkedHint } from '../hint/checked-hint.ts';
import { mapHints } from '../mapping/map-hints.ts';
import { type HintOutcome, HintStore, type HintStoreOptions } from '../store/hint-store.ts';
import { BEACON, type BeaconName } from './beacon-names.ts';
import { beaconRoutes } from './beacon-routes.ts';
import { PacedChanges } from './paced-changes.ts';

export interface BeaconSettings extends HintStoreOptions {
  readonly allowNewEntities: boolean;
}

export interface OpenBeaconOptions {
  readonly beacon: BeaconName;
  readonly context: Pick<
    PluginContext,
    'name' | 'clock' | 'log' | 'changed' | 'entities' | 'onEntitiesChange' | 'request'
  >;
  readonly settings: BeaconSettings;
  /** Additional counters for its block of `/health`. */
  readonly figures: () => Readonly<Record<string, number>>;
}

/** Receives hints and provides the parts of a plugin. */
export interface Beacon {
  /** Processes a hint of a source, which counts against that source's share of the entities. */
  take(hint: BeaconHint, source?: string): void;
  readonly parts: PluginParts;
}

/** Creates a beacon without a receiver; the caller passes hints to `take`. Hints after `parts.stop` are ignored. */
export function openBeacon({ beacon, context, settings, figures }: OpenBeaconOptions): Beacon {
  const { clock, log } = context;
  const store = new HintStore(settings);
  const counts: Record<HintOutcome | 'invalid', number> = {
    added: 0,
    changed: 0,
    refreshed: 0,
    late: 0,
    full: 0,
    invalid: 0,
  };
  const isNewProblem = oncePerKey();
  const isNewlySkipped = oncePerKey();
  const changes = new PacedChanges(clock, () => context.changed());
  let functionsNamed = false;
  let stopped = false;

  const stopListening = context.onEntitiesChange(({ added, removed, changed }) => {
    const affectsHints = [...added, ...removed, ...changed].some(
      ({ kind, id }) => store.has(id) || (kind === 'function' && functionsNamed),
    );
    if (affectsHints) changes.in(0);
  });

  return {
    take: (said, source) => {
      if (stopped) return;
      const checked = checkedHint(said);
      if ('problem' in checked) {
        counts.invalid++;
        if (isNewProblem(checked.problem)) log('warn', `A hint is invalid: ${checked.problem}`);
        return;
      }
      const outcome = store.update(checked.hint, clock.monotonicMs(), source);
      counts[outcome]++;
      if (outcome === 'added' || outcome === 'changed') changes.in(0);
      if (outcome === 'full' && counts.full === 1) log('warn', fullMessage(settings));
    },
    parts: {
      contribution: async () => {
        const tree = await context.entities();
        const { hints, changesInMs } = store.evictAndSnapshot(clock.monotonicMs());
        if (changesInMs !== undefined) changes.in(changesInMs);
        functionsNamed = hints.some(({ hint }) => hint.functionIds.length > 0);
        const { allowNewEntities } = settings;
        const capabilities = [BEACON, beacon];
        const { contribution, skipped } = mapHints({
          hints,
          tree,
          allowNewEntities,
          runtime: context.name,
          capabilities,
        });
        for (const id of skipped) {
          if (isNewlySkipped(id)) log('info', `A hint about ${id} is not used yet: no app or component has this id`);
        }
        return contribution;
      },
      routes: beaconRoutes({
        beacon,
        hintOf: (id) => store.get(id, clock.monotonicMs()),
        request: (request) => context.request(request),
      }),
      health: async (): Promise<RuntimeHealth> => ({
        warnings:
          counts.full > 0 && store.quota.isRefusing
            ? [{ code: 'beacon_hints_full', message: fullMessage(settings) }]
            : [],
        blocks: {
          ...quotaBlock({ [`${context.name}_hints`]: store.quota }),
          [beacon]: {
            hints: store.size,
            ...Object.fromEntries(Object.entries(counts).map(([outcome, count]) => [`hints_${outcome}_total`, count])),
            ...figures(),
          },
        },
      }),
      stop: async () => {
        stopped = true;
        changes.stop();
        stopListening();
      },
    },
  };
}

function fullMessage({ maxHints }: BeaconSettings): string {
  return `Hints about more than ${maxHints} entities are ignored: raise max_hints if the robot has more`;
}
