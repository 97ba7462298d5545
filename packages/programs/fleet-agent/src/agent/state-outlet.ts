import { type Clock, Deadline, type Timer } from '@medkit/edges';
import type { OwnMessage } from './own-voice.ts';

/**
 * How long a state may take to come back from the broker before the next one goes out. A broker that is slow gets fewer states
 * instead of older ones; one that drops some is not waited for longer.
 */
const ECHO_MS = 5000;

/** A state as it would go out now. */
export interface OutgoingState {
  /** States with the same are not worth a message: see urgent-part.ts. */
  readonly urgent: string;
  /** The message. Throws, in words, where there can be none. */
  encode(): OwnMessage;
}

export interface StateOutletOptions {
  readonly clock: Clock;
  readonly intervalMs: number;
  /** Undefined where none can be told now. */
  compose(): OutgoingState | undefined;
  publish(message: OwnMessage): Promise<void>;
  /** A state was not sent, or has not come back. */
  onFailed(reason: string): void;
}

/** Sends states: when something urgent has changed, and at least every so often; one at a time, and always the newest. */
export interface StateOutlet {
  /** From now on, and one at once. */
  begin(): void;
  end(): void;
  /** Something may have changed. What changes within one turn of the event loop goes out as one. */
  changed(): void;
  /** One is asked for, whether something has changed or not. */
  asked(): void;
  /** A state of ours came back. */
  heard(text: string): void;
}

export function stateOutlet({ clock, intervalMs, compose, publish, onFailed }: StateOutletOptions): StateOutlet {
  let isOn = false;
  let isAsked = false;
  /** Something may have changed since the state that is under way was made. */
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

  function asked(): void {
    isAsked = true;
    changed();
  }

  function send(): void {
    turn = undefined;
    isOld = false;
    const next = compose();
    if (next === undefined || (!isAsked && next.urgent === lastUrgent)) return;
    interval.begin(intervalMs, asked);
    let made: OwnMessage;
    try {
      made = next.encode();
    } catch (error) {
      onFailed((error as Error).message);
      return;
    }
    isAsked = false;
    lastUrgent = next.urgent;
    const message = { text: made.text, isTaken: false, isBack: false };
    underWay = message;
    echo.begin(ECHO_MS, () => {
      message.isBack = true;
      onFailed(
        'the broker has not given a state back in time: it is slow, or its ACL keeps the topic state from this client',
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

  /** With the next change, or the next one that is due, it is tried again: not at once, which could go on for ever. */
  function failed(message: typeof underWay, reason: string): void {
    if (message !== underWay) return;
    underWay = undefined;
    echo.end();
    lastUrgent = undefined;
    onFailed(reason);
  }

  return {
    changed,
    asked,
    begin() {
      if (isOn) return;
      isOn = true;
      asked();
    },
    end() {
      isOn = false;
      underWay = undefined;
      turn?.cancel();
      turn = undefined;
      interval.close();
      echo.close();
    },
    heard(text) {
      if (text !== underWay?.text) return;
      underWay.isBack = true;
      settle(underWay);
    },
  };
}
