import { type CoreEvents, errorMessage, type Model, type Principal } from '@medkit/core';
import { type Clock, taskQueue } from '@medkit/edges';
import { changesBetween, type IncidentEntries } from '@medkit/incidents';
import { eventFrame } from '../../sse/event-frame.ts';
import type { EventStream } from '../../sse/event-stream.ts';
import type { FleetViews } from './fleet-views.ts';
import type { LimitedIncidents } from './limited-incidents.ts';

export interface LimitedNewsOptions {
  readonly incidents: LimitedIncidents;
  readonly views: Pick<FleetViews, 'of'>;
  readonly model: Pick<Model, 'events'>;
  readonly clock: Clock;
}

/** Sends the changes of the incidents of a limited account to one of its live streams, until that ends. */
export type LimitedNews = (principal: Pick<Principal, 'scopes'>, stream: EventStream) => void;

/** Compares the incidents of the view of a stream after each change of the incidents of the hub. */
export function limitedNews({ incidents, views, model, clock }: LimitedNewsOptions): LimitedNews {
  return (principal, stream) => {
    const exclusive = taskQueue();
    let before: IncidentEntries | undefined;
    let isWaiting = false;
    const compare = async (): Promise<void> => {
      isWaiting = false;
      const view = stream.isOver ? undefined : await views.of(principal);
      if (!view) return;
      const { entries } = await incidents(view);
      const changes = before ? visibleChanges(before, entries, clock.wallMs()) : [];
      before = entries;
      for (const { news, incident, mergedIds } of changes) {
        const data = JSON.stringify({ news, incident, ...(mergedIds && { merged_ids: mergedIds }) });
        stream.send(eventFrame({ event: 'incident', data }));
      }
    };
    const onChange = (): void => {
      if (isWaiting) return;
      isWaiting = true;
      exclusive(compare).catch((error: unknown) => stream.cutOff(errorMessage(error)));
    };
    const stop = model.events.on('incident.changed', onChange);
    stream.signal.addEventListener('abort', stop, { once: true });
    onChange();
  };
}

/** Returns the changes that the account sees: a change at other robots may have changed the incident of the hub only. */
function visibleChanges(
  before: IncidentEntries,
  now: IncidentEntries,
  nowMs: number,
): readonly CoreEvents['incident.changed'][] {
  const textOf = (entries: IncidentEntries, id: string): string =>
    JSON.stringify(entries.byCurrentId.get(id)?.incident);
  return changesBetween(before, now, nowMs).filter(
    ({ incident: { id }, mergedIds }) => mergedIds !== undefined || textOf(before, id) !== textOf(now, id),
  );
}
