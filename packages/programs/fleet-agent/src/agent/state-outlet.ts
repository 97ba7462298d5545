import { type Clock, Deadline, type Timer } from '@medkit/edges';
import type { OutgoingMessage } from './message-identity.ts';

/**
 * Maximum wait for the broker to return a state before the next one is sent. A slow broker gets fewer states instead of
 * outdated ones; a broker that drops states delays the next one only this long.
 */
const ECHO_MS = 5000;

/** A state that could be sent now. */
export interface OutgoingState {
  /** Urgent part of the state (state-priority.ts). A state with an equal urgent part needs no immediate message. */
  readonly urgent: string;
  /** Encodes the message. Throws an error with a readable message if that is impossible. */
  encode(): OutgoingMessage;
}

export interface StateOutletOptions {
  readonly clock: Clock;
  readonly intervalMs: number;
  /** Returns `undefined` if no state is available. */
  compose(): OutgoingState | undefined;
  publish(message: OutgoingMessage): Promise<void>;
  /** Called if a state was not sent, or was not returned by the broker. */
  onFailed(reason: string): void;
}

/** Sends states on urgent changes and at a minimum rate, one at a time, always the newest. */
export interface StateOutlet {
  /** Starts sending, with one state immediately. */
  begin(): void;
  end(): void;
  /** Reports a possible change. Changes within one turn of the event loop are sent as one state. */
  changed(): void;
  /** Requests a state, even without a change. */
  requestState(): void;
  /** Reports that the broker returned a state of this agent. */
  returned(text: string): void;
}

export function stateOutlet({ clock, intervalMs, compose, publish, onFailed }: StateOutletOptions): StateOutlet {
  let isOn = false;
  let isRequested = false;
  /** Whether something may have changed since the pending state was created. */
  let isOld = false;
  let lastUrgent: string | undefined;
  let underWay: { readonly text: string; isTaken: boolean; isBack: boolean } | undefined;
  let turn: Timer | undefined;
  const interval = new Deadline(clock);
  const echo = new Deadline(clock);

  function changed(): void {
    isOld = true;
    if (!isOn || underWay !== undefined) return;
    turn ??= clock.after(0, send);
  }

  function requestState(): void {
    isRequested = true;
    changed();
  }

  function send(): void {
    turn = undefined;
    isOld = false;
    const next = compose();
    if (next === undefined || (!isRequested && next.urgent === lastUrgent)) return;
    interval.begin(intervalMs, requestState);
    let made: OutgoingMessage;
    try {
      made = next.encode();
    } catch (error) {
      onFailed((error as Error).message);
      return;
    }
    isRequested = false;
    lastUrgent = next.urgent;
    const message = { text: made.text, isTaken: false, isBack: false };
    underWay = message;
    echo.begin(ECHO_MS, () => {
      message.isBack = true;
      onFailed(
        `the broker did not return a state within ${ECHO_MS / 1000} s: it is slow, or its ACL denies this client the topic state`,
      );
      settle(message);
    });
    publish(made).then(
      () => {
        message.isTaken = true;
        settle(message);
      },
      (error: Error) => failed(message, error.message),
    );
  }

  function settle(message: typeof underWay): void {
    if (message !== underWay || !message?.isTaken || !message.isBack) return;
    underWay = undefined;
    echo.end();
    if (isOld) changed();
  }

  /** Handles a failure. Retries with the next change or due state, not immediately, to avoid an endless loop. */
  function failed(message: typeof underWay, reason: string): void {
    if (message !== underWay) return;
    underWay = undefined;
    echo.end();
    lastUrgent = undefined;
    onFailed(reason);
  }

  return {
    changed,
    requestState,
    begin() {
      if (isOn) return;
      isOn = true;
      requestState();
    },
    end() {
      isOn = false;
      underWay = undefined;
      turn?.cancel();
      turn = undefined;
      interval.close();
      echo.close();
    },
    returned(text) {
      if (text !== underWay?.text) return;
      underWay.isBack = true;
      settle(underWay);
    },
  };
}
