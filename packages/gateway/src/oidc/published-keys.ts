import type { ProviderKeys } from '@medkit/accounts/provider';
import { errorMessage, type Log } from '@medkit/core';
import type { Clock, Files, HttpClient, WritableFiles } from '@medkit/edges';
import { fetchDocument, fetchJson } from './fetch-document.ts';
import { type ProviderDocument, type ProviderState, readKeys, readState } from './provider-document.ts';

/** Time after which the keys are fetched again. A key that the provider removed is rejected after it. */
const FRESH_MS = 10 * 60_000;
/** Minimum interval of requests, whatever tokens arrive: an unknown key id costs the provider nothing. */
const RETRY_MS = 30_000;

export interface PublishedKeysOptions {
  readonly issuer: string;
  /** Copy of the keys, for a start without a network. */
  readonly file: string;
  readonly files: Pick<Files, 'readText'> & Pick<WritableFiles, 'replaceText'>;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Maximum age of keys that are used while the provider cannot be reached. */
  readonly offlineMaxMs: number;
}

/** The keys and the configuration of an identity provider. */
export interface PublishedKeys extends ProviderKeys {
  /** Returns the configuration, of the same age as the keys. */
  document(): Promise<ProviderDocument | undefined>;
}

/**
 * The keys of an identity provider, found by its configuration. Uses stored keys immediately and renews them in the
 * background, so that a slow provider delays no request. Nothing is fetched before the first token arrives.
 */
export function publishedKeys(options: PublishedKeysOptions): PublishedKeys {
  const { issuer, file, files, clock, log, offlineMaxMs } = options;
  let state: ProviderState | undefined;
  /** Last success and last attempt in this process, by the monotonic clock. */
  let renewedMs: number | undefined;
  let triedMs: number | undefined;
  let renewal: Promise<void> | undefined;
  let stored: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    const text = await files.readText(file).catch((error: unknown) => {
      log('warn', `the stored keys of ${issuer} cannot be read: ${errorMessage(error)}`);
      return undefined;
    });
    state ??= text === undefined ? undefined : readState(text, issuer);
  };

  const fetchState = async (): Promise<void> => {
    try {
      const document = await fetchDocument(options.http, issuer);
      const keys = readKeys(await fetchJson(options.http, document.jwks_uri));
      state = { document, keys, fetchedMs: Math.round(clock.wallMs()) };
      renewedMs = clock.monotonicMs();
    } catch (error) {
      log('warn', `the keys of the identity provider ${issuer} cannot be fetched: ${errorMessage(error)}`);
      return;
    }
    await files.replaceText(file, JSON.stringify(state), 0o600).catch((error: unknown) => {
      log('warn', `the keys of ${issuer} cannot be stored: ${errorMessage(error)}`);
    });
  };

  /** Fetches the keys, unless the last attempt was recent. All callers share one attempt. */
  const renew = (): Promise<void> => {
    if (renewal) return renewal;
    if (triedMs !== undefined && clock.monotonicMs() - triedMs < RETRY_MS) return Promise.resolve();
    triedMs = clock.monotonicMs();
    renewal = fetchState().finally(() => {
      renewal = undefined;
    });
    return renewal;
  };

  /** Keys that were fetched by this process age by the monotonic clock, which no step of the wall clock changes. */
  const ageMs = ({ fetchedMs }: ProviderState): number =>
    renewedMs === undefined ? clock.wallMs() - fetchedMs : clock.monotonicMs() - renewedMs;

  const usable = () => (state && ageMs(state) <= offlineMaxMs ? state : undefined);

  const current = async (): Promise<ProviderState | undefined> => {
    stored ??= load();
    await stored;
    const known = usable();
    if (!known) await renew();
    else if (renewedMs === undefined || clock.monotonicMs() - renewedMs > FRESH_MS) void renew();
    return usable();
  };

  return {
    current: async () => (await current())?.keys,
    newer: async () => {
      await renew();
      return usable()?.keys;
    },
    document: async () => (await current())?.document,
  };
}
