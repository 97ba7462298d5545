import { type App, LOCAL, type Model, type ServiceCallOutcome } from '@medkit/core';
import { Histogram } from './histogram.ts';

/** Upper bounds in seconds of service calls: most take milliseconds, and the usual timeout is 10 s. */
const CALL_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Outcomes of service calls, each a label. */
export const SERVICE_OUTCOMES: readonly ServiceCallOutcome[] = ['ok', 'timeout', 'error', 'refused'];
/** Final statuses of goals, each a label. */
export const GOAL_OUTCOMES = ['succeeded', 'canceled', 'aborted', 'unknown'] as const;
/** Final statuses of the steps of an update, each a label. */
export const UPDATE_OUTCOMES = ['completed', 'failed'] as const;
/** Maximum apps that are counted: the first ones that restart. */
export const MAX_RESTARTED_APPS = 500;

/** What happened since the start of the gateway. */
export interface EventCounts {
  readonly serviceCalls: Histogram<'outcome'>;
  readonly goals: ReadonlyMap<string, number>;
  readonly updates: ReadonlyMap<string, number>;
  /** Ids of apps of this gateway, and how often each appeared again. */
  restarts(): Iterable<readonly [string, number]>;
  close(): void;
}

/** Begins to count events of the model. Every outcome has a count from the beginning, so that a rate exists early. */
export function eventCounts(model: Pick<Model, 'events' | 'tree'>): EventCounts {
  const serviceCalls = new Histogram<'outcome'>({ bounds: CALL_BOUNDS, maxSets: SERVICE_OUTCOMES.length });
  const calls = new Map(SERVICE_OUTCOMES.map((outcome) => [outcome, serviceCalls.set(outcome, () => ({ outcome }))]));
  const goals = zeros(GOAL_OUTCOMES);
  const updates = zeros(UPDATE_OUTCOMES);
  const apps = appRestarts(model);
  let lastGoal = '';
  const stops = [
    model.events.on('service.called', ({ outcome, durationMs }) => {
      const distribution = calls.get(outcome);
      if (distribution) serviceCalls.observe(distribution, durationMs / 1000);
    }),
    model.events.on('operation.changed', ({ operationId, executionId, status }) => {
      // If several nodes serve an action, a status is reported for each of them, one after the other.
      const goal = `${operationId} ${executionId} ${status}`;
      if (goal !== lastGoal) add(goals, status);
      lastGoal = goal;
    }),
    model.events.on('update.changed', ({ status }) => add(updates, String(status['status']))),
    model.events.on('entities.changed', apps.look),
  ];
  return {
    serviceCalls,
    goals,
    updates,
    restarts: apps.counts,
    close: () => {
      for (const stop of stops) stop();
    },
  };
}

/** Counts how often apps are online again after they were offline or missing. */
function appRestarts(model: Pick<Model, 'tree'>) {
  /** Apps that were online once, with whether they are now, and their restarts. */
  const apps = new Map<string, { isOnline: boolean; restarts: number }>();
  const look = (): void => {
    const online = new Set(
      model.tree
        .all('app')
        .filter(isOnlineHere)
        .map(({ id }) => id),
    );
    for (const [id, app] of apps) if (!online.has(id)) app.isOnline = false;
    for (const id of online) {
      const known = apps.get(id);
      if (!known && apps.size < MAX_RESTARTED_APPS) apps.set(id, { isOnline: true, restarts: 0 });
      if (!known || known.isOnline) continue;
      known.isOnline = true;
      known.restarts += 1;
    }
  };
  look();
  return { look, counts: () => Array.from(apps, ([id, { restarts }]) => [id, restarts] as const) };
}

const isOnlineHere = ({ online, origin = LOCAL }: App): boolean => online === true && origin === LOCAL;

const zeros = (names: readonly string[]): Map<string, number> => new Map(names.map((name) => [name, 0]));

/** Counts a known name; other names are not final. */
function add(counts: Map<string, number>, name: string): void {
  const count = counts.get(name);
  if (count !== undefined) counts.set(name, count + 1);
}
