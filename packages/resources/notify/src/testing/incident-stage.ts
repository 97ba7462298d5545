import type { Incident } from '@medkit/contract';
import type { CoreEvents, EventBus, IncidentEventType } from '@medkit/core';
import type { IncidentSource } from '../incident-source.ts';
import { NIGHT_MS } from './incidents.ts';

/** A test source of incidents, which outlives the gateway under test. */
export class IncidentStage implements IncidentSource {
  readonly incidents = new Map<string, Incident>();
  /** The `sinceMs` of each call of `recent`. */
  readonly queries: number[] = [];
  events: EventBus<CoreEvents> | undefined;

  async recent(sinceMs: number): Promise<readonly Incident[]> {
    this.queries.push(sinceMs);
    return [...this.incidents.values()].filter(({ state, healed_at, closed_at }) => {
      return state === 'open' || Date.parse(closed_at ?? healed_at ?? '') >= sinceMs;
    });
  }

  async acknowledge(id: string, by: string): Promise<Incident> {
    const incident = this.incidents.get(id);
    if (!incident) throw new Error(`there is no incident ${id}`);
    const taken = { ...incident, acknowledged_at: new Date(NIGHT_MS).toISOString(), acknowledged_by: by };
    this.tell('acknowledged', taken);
    return taken;
  }

  /** Stores an incident and emits its event. */
  tell(news: IncidentEventType, incident: Incident, mergedIds: readonly string[] = []): void {
    for (const id of mergedIds) this.incidents.delete(id);
    this.incidents.set(incident.id, incident);
    this.events?.emit('incident.changed', { news, incident, ...(mergedIds.length > 0 && { mergedIds }) });
  }
}
