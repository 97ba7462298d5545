/** What a tab tells the worker that holds the streams of this browser. */
export type ToStream =
  /** Who asks, as `session.ts` has it; a stream that was not let in tries again. */
  | { readonly is: 'session'; readonly token: string; readonly clientName: string }
  /** Values that this tab shows, as `watch` of `/x-medkit-live` takes them. Comes again every while, as a sign of life. */
  | { readonly is: 'watch'; readonly values: readonly string[]; readonly isVisible: boolean }
  | { readonly is: 'gone' };

/** `since` is the time of this machine, milliseconds since 1970. */
export type StreamState =
  | { readonly is: 'connecting' }
  | { readonly is: 'live' }
  | { readonly is: 'lost'; readonly since: number; readonly retryMs: number }
  /** It is not let in, or cannot follow: it tries again with a new session, and every few minutes. */
  | { readonly is: 'refused'; readonly status: number; readonly message: string };

/** What the worker tells the tabs of a stream. */
export type FromStream =
  | { readonly is: 'state'; readonly state: StreamState }
  /** It was taken for gone, and is to say again who asks. */
  | { readonly is: 'who' }
  /** Something may have happened that was not heard: at first, and after a break. */
  | { readonly is: 'opened' }
  | { readonly is: 'values'; readonly watch: readonly string[]; readonly data: string }
  | { readonly is: 'news'; readonly event: string; readonly data: string }
  /** All that has no place in the stream just now, and what the gateway says of those that name nothing. */
  | {
      readonly is: 'unfollowed';
      readonly omitted: readonly string[];
      readonly wrong: readonly (readonly [value: string, message: string])[];
    };

/** A tab says so often that it is there; one that is hidden can do so once in a minute at best. */
export const SIGN_OF_LIFE_MS = 20_000;
export const SILENT_MS = 180_000;
