import type { LiveValue } from '@medkit/contract';
import { parseJson } from '@medkit/core/json';
import { useEffect, useSyncExternalStore } from 'react';
import { syncToStreamTime } from '../gateway/gateway-clock.ts';
import { useIsRobotAway } from '../gateway/robot-presence.ts';
import { clientName, onSession, token } from '../gateway/session.ts';
import { texts } from '../texts/texts.ts';
import { type FromStream, SIGN_OF_LIFE_MS, type StreamState, type ToStream } from './messages.ts';
import { openWorker } from './open-worker.ts';

/** A live value with its age when received and its arrival time by `performance.now()`. */
export interface WatchedValue extends LiveValue {
  readonly ageMs?: number;
  readonly lastReceivedMs: number;
}

type Listener<Message> = (message: Message) => void;

const values = new Map<string, WatchedValue>();
const watchers = new Map<string, Set<Listener<WatchedValue>>>();
const newsListeners = new Set<(event: string, data: unknown) => void>();
const openListeners = new Set<() => void>();
const stateListeners = new Set<() => void>();
/** Values that are not followed, with the reason. */
let unfollowed: ReadonlyMap<string, string> = new Map();
let isReportDue = false;
let state: StreamState = { is: 'connecting' };
let send: ((message: ToStream) => void) | undefined;

/** Opens or joins the shared stream of this browser. */
export function openLive(): void {
  const worker = openWorker({ onMessage: handle, onBroken: loseWorker, onMade: introduce });
  send = worker.send;
  introduce();
  onSession(introduce);
  setInterval(reportWatched, SIGN_OF_LIFE_MS);
  addEventListener('pagehide', () => send?.({ is: 'gone' }));
  addEventListener('pageshow', introduce);
  addEventListener('visibilitychange', () => {
    // A dedicated stream uses one of the few connections of the browser, so a hidden tab closes it.
    if (worker.isShared) reportWatched();
    else if (document.hidden) send?.({ is: 'gone' });
    else introduce();
  });
}

function introduce(): void {
  if (document.hidden && !('SharedWorker' in window)) return;
  send?.({ is: 'session', token: token(), clientName: clientName() });
  reportWatched();
}

function reportWatched(): void {
  send?.({ is: 'watch', values: [...watchers.keys()], isVisible: !document.hidden });
}

/**
 * Reports watched values once per turn, because a page that renders starts and stops following many values at the same
 * time.
 */
function reportSoon(): void {
  if (isReportDue) return;
  isReportDue = true;
  queueMicrotask(() => {
    isReportDue = false;
    reportWatched();
  });
}

function loseWorker(retryMs: number): void {
  const since = state.is === 'lost' ? state.since : Date.now();
  handle({ is: 'state', state: { is: 'lost', since, retryMs } });
}

function handle(message: FromStream): void {
  switch (message.is) {
    case 'state':
      state = message.state;
      for (const listener of stateListeners) listener();
      return;
    case 'who':
      introduce();
      return;
    case 'opened':
      for (const listener of openListeners) listener();
      return;
    case 'news': {
      const data = parseJson(message.data);
      for (const listener of newsListeners) listener(message.event, data);
      return;
    }
    case 'values': {
      const update = parseJson(message.data) as { readonly at_ms: number; readonly values: Record<string, LiveValue> };
      const lastReceivedMs = performance.now();
      syncToStreamTime(Number(update.at_ms));
      for (const [place, value] of Object.entries(update.values)) {
        const key = message.watch[Number(place)];
        if (key === undefined || !watchers.has(key)) continue;
        const { at_ms } = value;
        const watched = {
          ...value,
          lastReceivedMs,
          ...(at_ms !== undefined && { ageMs: Math.max(0, Number(update.at_ms) - Number(at_ms)) }),
        };
        keep(key, watched);
      }
      return;
    }
    case 'unfollowed': {
      const problems = new Map(message.wrong);
      for (const value of message.omitted) problems.set(value, texts.live.omitted);
      const before = unfollowed;
      unfollowed = problems;
      for (const key of new Set([...before.keys(), ...problems.keys()])) {
        if (before.get(key) !== problems.get(key) && watchers.has(key)) keep(key, withProblem(key));
      }
    }
  }
}

/** Returns the last known value, with the reason if it is not followed. */
function withProblem(key: string): WatchedValue {
  const { error: _former, ...known } = values.get(key) ?? { lastReceivedMs: performance.now() };
  const message = unfollowed.get(key);
  return message === undefined ? known : { ...known, error: { error_code: 'not-followed', message } };
}

function keep(key: string, watched: WatchedValue): void {
  values.set(key, watched);
  for (const watcher of watchers.get(key) ?? []) watcher(watched);
}

/**
 * Follows a value, `apps/x/data/y:/pointer`. Calls the watcher immediately with the known value, then on changes at
 * most five times a second.
 */
export function watchValue(key: string, watcher: Listener<WatchedValue>): () => void {
  const known = watchers.get(key);
  if (known) known.add(watcher);
  else {
    watchers.set(key, new Set([watcher]));
    reportSoon();
  }
  const value = values.get(key) ?? (unfollowed.has(key) ? withProblem(key) : undefined);
  if (value) watcher(value);
  return () => {
    const set = watchers.get(key);
    set?.delete(watcher);
    if (set?.size !== 0) return;
    watchers.delete(key);
    values.delete(key);
    reportSoon();
  };
}

/** Calls the listener for events of type `tree`, `fault`, `incident` and `lock` with their data. */
export function onGatewayEvent(listener: (event: string, data: unknown) => void): () => void {
  newsListeners.add(listener);
  return () => newsListeners.delete(listener);
}

/** Calls the listener when events may have been missed, so that lists have to be reloaded. */
export function onOpened(listener: () => void): () => void {
  openListeners.add(listener);
  return () => openListeners.delete(listener);
}

function onState(listener: () => void): () => void {
  stateListeners.add(listener);
  return () => stateListeners.delete(listener);
}

/** Resolves once the stream is open, or cannot be opened now. */
export const streamSettled = new Promise<void>((resolve) => {
  stateListeners.add(() => state.is !== 'connecting' && resolve());
});

/** The state of the stream of this browser. */
export function useStreamState(): StreamState {
  return useSyncExternalStore(onState, () => state);
}

/** Returns whether the gateway, or the robot of these pages, is unreachable; changes are disabled meanwhile. */
export function useIsLost(): boolean {
  const [state, isAway] = [useStreamState(), useIsRobotAway()];
  return state.is === 'lost' || isAway;
}

/** Follows a value without rendering; see `watchValue`. */
export function useWatched(key: string | undefined, watcher: Listener<WatchedValue>): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: each render creates an equivalent watcher.
  useEffect(() => (key === undefined ? undefined : watchValue(key, watcher)), [key]);
}
