import type { Protocol } from '@medkit/vda5050';
import type { FaultClearing } from '../clearing/fault-clearing.ts';
import { type Abilities, answerActions, type Errand, refuseMalformedActions } from '../orders/answer-actions.ts';
import { EMPTY_TRACKER, type InstantActionTracker, withStatus } from '../orders/instant-action-tracker.ts';
import { refuseMalformedOrder, refuseOrder } from '../orders/refuse-order.ts';

export interface FleetControlOptions {
  readonly protocol: Protocol;
  readonly hasFactsheet: boolean;
  readonly clearing: FaultClearing;
  /** Returns whether this agent is the client of the serial number: only the client executes requests. */
  isClient(): boolean;
  sendFactsheet(): void;
  /** Called when requests or their results change and a state must be sent. */
  onChange(): void;
}

/** Handles messages of fleet control. */
export interface FleetControl {
  readonly tracker: InstantActionTracker;
  take(topic: 'order' | 'instantActions', octets: Uint8Array): void;
}

export function fleetControl(options: FleetControlOptions): FleetControl {
  const { protocol, hasFactsheet, clearing, isClient, sendFactsheet, onChange } = options;
  const { version } = protocol;
  let tracker = EMPTY_TRACKER;

  const abilities = (): Abilities => ({
    hasFactsheet: hasFactsheet && isClient(),
    clearingProblem: (fault) =>
      isClient() ? clearing.problem(fault) : 'it is not known yet which client publishes for this robot',
  });

  function takeOrder(octets: Uint8Array): void {
    try {
      tracker = refuseOrder(tracker, version, protocol.decodeOrder(octets));
    } catch (error) {
      tracker = refuseMalformedOrder(tracker, version, (error as Error).message);
    }
  }

  function takeActions(octets: Uint8Array): readonly Errand[] {
    try {
      const { content } = protocol.decodeInstantActions(octets);
      const answered = answerActions(tracker, version, content, abilities());
      tracker = answered.tracker;
      return answered.errands;
    } catch (error) {
      tracker = refuseMalformedActions(tracker, version, (error as Error).message);
      return [];
    }
  }

  function run(errand: Errand): void {
    if (errand.do === 'send factsheet') {
      sendFactsheet();
      return;
    }
    const { actionId, fault } = errand;
    const ended = (status: 'FINISHED' | 'FAILED', result?: string): void => {
      tracker = withStatus(tracker, actionId, status, result);
      onChange();
    };
    clearing.clear(fault).then(
      () => ended('FINISHED'),
      (error: Error) => ended('FAILED', error.message),
    );
  }

  return {
    get tracker() {
      return tracker;
    },
    take(topic, octets) {
      const errands = topic === 'instantActions' ? takeActions(octets) : [];
      if (topic === 'order') takeOrder(octets);
      for (const errand of errands) run(errand);
      onChange();
    },
  };
}
