import type { EntityRef, Principal } from '@medkit/core';

/** A collection of an entity that a trigger or a cyclic subscription observes. */
export interface Observed {
  readonly by: 'triggers' | 'cyclic-subscriptions';
  readonly entity: EntityRef;
  readonly collection: string;
}

/** A client, as far as it matters to what it may observe. */
export type Observer = Pick<Principal, 'id' | 'owner' | 'entityScopes'>;

/** Limits what clients with scopes observe. */
export interface ObservationLimits {
  /** Returns whether a client sees the trigger or subscription. */
  isVisible(observer: Observer, observed: Observed): boolean;
  /** Throws 403 if a client must not create the trigger or subscription. */
  assertCreatable(observer: Observer, observed: Observed): void;
}

/** The limits of a gateway whose clients have no scopes. A client with scopes would observe nothing. */
export const NO_OBSERVATION_LIMITS: ObservationLimits = {
  isVisible: ({ entityScopes }) => entityScopes === undefined,
  assertCreatable: ({ entityScopes }) => {
    if (entityScopes !== undefined) throw new Error('this gateway has no scopes');
  },
};
