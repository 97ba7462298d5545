/** Messages from a tab to the worker that holds the streams of this browser. */
export type ToStream =
  /** Credentials as in `session.ts`. A refused stream tries again when it receives them. */
  | { readonly is: 'session'; readonly token: string; readonly clientName: string }
  /** Values that this tab shows, in the form of `watch` of `/x-medkit-live`. Repeated regularly as a heartbeat. */
  | { readonly is: 'watch'; readonly values: readonly string[]; readonly isVisible: boolean }
  | { readonly is: 'gone' };

/** `since` is local time, milliseconds since 1970. */
export type StreamState =
  | { readonly is: 'connecting' }
  | { readonly is: 'live' }
  | { readonly is: 'lost'; readonly since: number; readonly retryMs: number }
  /** The gateway refuses access or the watch list. Retries with new credentials, and every few minutes. */
  | { readonly is: 'refused'; readonly status: number; readonly message: string };

/** Messages from the worker to the tabs of a stream. */
export type FromStream =
  | { readonly is: 'state'; readonly state: StreamState }
  /** The worker had considered the tab closed and needs its credentials again. */
  | { readonly is: 'who' }
  /** Events may have been missed: sent after the first connection and after an interruption. */
  | { readonly is: 'opened' }
  | { readonly is: 'values'; readonly watch: readonly string[]; readonly data: string }
  | { readonly is: 'news'; readonly event: string; readonly data: string }
  /** All values that currently do not fit into the stream, and the gateway's errors for invalid values. */
  | {
      readonly is: 'unfollowed';
      readonly omitted: readonly string[];
      readonly wrong: readonly (readonly [value: string, message: string])[];
    };

/**
 * Heartbeat interval of a tab. Browsers limit timers of hidden tabs to once a minute, so silence is allowed for longer.
 */
export const SIGN_OF_LIFE_MS = 20_000;
export const SILENT_MS = 180_000;
