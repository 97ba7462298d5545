import {
  type EntityKind,
  entityHref,
  LIFECYCLE_ACTIONS,
  type LifecycleStatusResponse,
  type XMedkitLifecycle,
  type XMedkitLifecycleTransition,
} from '@medkit/contract';
import type { Entity, LastTransition, LifecycleStatus } from '@medkit/core';
import { omitEmpty } from '../discovery/omit-empty.ts';

/** Returns the path of an entity's status. */
export function statusHref(kind: EntityKind, id: string): string {
  return entityHref(kind, id, 'status');
}

/** Formats a provider's status of an entity, with the paths of the available actions. */
export function statusBody({ kind, id }: Entity, reported: LifecycleStatus): LifecycleStatusResponse {
  const { status, actions, state, lastTransition, terms, warnings = [] } = reported;
  const offered = LIFECYCLE_ACTIONS.filter((action) => actions.includes(action));
  const xMedkit = omitEmpty<XMedkitLifecycle>({
    ...(state !== undefined && { state }),
    ...(lastTransition && { last_transition: transitionBody(lastTransition) }),
    ...terms,
    warnings: [...warnings],
  });
  return {
    status,
    ...Object.fromEntries(offered.map((action) => [action, `${statusHref(kind, id)}/${action}`])),
    ...(xMedkit && { 'x-medkit': xMedkit }),
  };
}

function transitionBody({ startedMs, endedMs, ...transition }: LastTransition): XMedkitLifecycleTransition {
  return {
    ...transition,
    started_at: new Date(startedMs).toISOString(),
    ...(endedMs !== undefined && { ended_at: new Date(endedMs).toISOString() }),
  };
}
