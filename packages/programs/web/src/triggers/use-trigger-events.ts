import type { EntityRef } from '@medkit/client';
import { parseJson } from '@medkit/core/json';
import { useEffect, useState } from 'react';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';

/** An event of a trigger. */
export interface TriggerEvent {
  readonly id: string;
  readonly timestamp: string;
  /** The whole value that fired the trigger; `null` if it was too large. */
  readonly payload: unknown;
}

/** Maximum events in memory; the gateway stores a hundred. */
const MAX_EVENTS = 200;

export interface TriggerEvents {
  /** Newest first. */
  readonly events: readonly TriggerEvent[];
  readonly state: 'connecting' | 'live' | 'ended';
  readonly error: Error | undefined;
}

/**
 * Follows the events of a trigger while the tab is visible: an event stream uses one of the few connections that a
 * browser opens to a gateway.
 */
export function useTriggerEvents(entity: EntityRef, trigger: string): TriggerEvents {
  const { kind, id } = entity;
  const [events, setEvents] = useState<readonly TriggerEvent[]>([]);
  const [state, setState] = useState<TriggerEvents['state']>('connecting');
  const [error, setError] = useState<Error>();
  const isVisible = useIsTabVisible();
  useEffect(() => {
    if (!isVisible) return undefined;
    const aborter = new AbortController();
    const request = { entity: { kind, id }, path: { trigger_id: trigger } };
    const follow = async (): Promise<void> => {
      const stream = gateway().events('streamTriggerEvents', {
        ...request,
        signal: aborter.signal,
        onOpen: () => setState('live'),
        onPause: () => setState('connecting'),
        // A trigger that fired once ends its stream.
        goesOn: async () => (await gateway().call('getTrigger', request)).status === 'active',
      });
      for await (const { id: eventId = '', data } of stream) {
        const event = { ...(parseJson(data) as Omit<TriggerEvent, 'id'>), id: eventId };
        // A reopened stream repeats the stored events.
        setEvents((known) =>
          known.some((other) => other.id === event.id) ? known : [event, ...known].slice(0, MAX_EVENTS),
        );
        refetchRoutes(['getTrigger', 'listWebhookTargets', 'listWebhookDeliveries']);
      }
      if (!aborter.signal.aborted) setState('ended');
    };
    setError(undefined);
    follow().catch((failure: unknown) => {
      if (!aborter.signal.aborted) setError(failure as Error);
    });
    return () => aborter.abort();
  }, [kind, id, trigger, isVisible]);
  return { events, state, error };
}

function useIsTabVisible(): boolean {
  const [isVisible, setVisible] = useState(!document.hidden);
  useEffect(() => {
    const change = (): void => setVisible(!document.hidden);
    addEventListener('visibilitychange', change);
    return () => removeEventListener('visibilitychange', change);
  }, []);
  return isVisible;
}
