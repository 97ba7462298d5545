import { type LiveValue, type LiveValues, MAX_LIVE_VALUES, PEER_PATHS, SovdError } from '@medkit/contract';
import { callContext, errorMessage, type ForwardReply, type Model, parseJson, stringifyJson } from '@medkit/core';
import { type Clock, type Random, retryDelayMs, type Timer } from '@medkit/edges';
import { streamParts } from '@medkit/peer';
import { MAX_DOCUMENT_BYTES } from '../../peers/forwarding/parse-document.ts';
import { type FollowedValue, problemText, type Revisions } from '../followed-value.ts';

/** Timeout for a peer to begin a stream. */
const OPEN_TIMEOUT_MS = 9000;
/** Delay until a stream that ended or could not be opened is opened again: clients see values soon after a peer returned. */
const RETRY = { firstMs: 2000, maxMs: 2000 };
/** Requests within this time are combined: a page follows many values at the same time. */
const SETTLE_MS = 20;
/** Maximum bytes of the values in the URL of one stream: URLs over 8,192 bytes are rejected. */
const MAX_QUERY_LENGTH = 7000;

export interface PeerValuesOptions {
  readonly model: Pick<Model, 'provider'>;
  readonly clock: Clock;
  readonly random: Pick<Random, 'float'>;
  readonly revisions: Revisions;
  /** The runtime of the peer. */
  readonly runtime: string;
  /** Called when the last value is released. */
  readonly onIdle: () => void;
}

interface Wanted {
  readonly name: string;
  readonly lookers: Map<object, { periodMs: number; readonly changed: () => void }>;
  revision: number;
  text: string | undefined;
  isMissing: boolean;
}

/** The followed values of one peer, over streams that all clients share. */
export class PeerValues {
  readonly #options: PeerValuesOptions;
  readonly #wanted = new Map<string, Wanted>();
  #streams: readonly AbortController[] = [];
  #settling: Timer | undefined;
  /** The queries of the present streams. */
  #query = '';

  constructor(options: PeerValuesOptions) {
    this.#options = options;
  }

  /** Follows the value that has the name `name` on that peer. */
  follow(name: string, periodMs: number, changed: () => void): FollowedValue {
    const wanted = this.#wanted.get(name) ?? {
      name,
      lookers: new Map(),
      revision: 0,
      text: undefined,
      isMissing: false,
    };
    this.#wanted.set(name, wanted);
    const looker = { periodMs, changed };
    wanted.lookers.set(looker, looker);
    this.#settle();
    return {
      get revision() {
        return wanted.revision;
      },
      get isMissing() {
        return wanted.isMissing;
      },
      text: () => wanted.text,
      pace: (paceMs) => {
        looker.periodMs = paceMs;
        this.#settle();
      },
      release: () => {
        wanted.lookers.delete(looker);
        if (wanted.lookers.size === 0 && this.#wanted.get(name) === wanted) this.#wanted.delete(name);
        this.#settle();
      },
    };
  }

  #settle(): void {
    if (this.#wanted.size === 0) {
      this.#settling?.cancel();
      this.#settling = undefined;
      this.#ask([]);
      this.#options.onIdle();
    } else this.#settling ??= this.#options.clock.after(SETTLE_MS, () => this.#askAgain());
  }

  /** Opens new streams if the followed values have changed. */
  #askAgain(): void {
    this.#settling = undefined;
    const intervalMs = Math.min(...[...this.#wanted.values()].flatMap(periodsOf));
    const queries = queriesOf([...this.#wanted.keys()], intervalMs);
    if (queries.join(' ') !== this.#query) this.#ask(queries);
  }

  /** Known values stay until they are updated: clients see no gap between two streams. */
  #ask(queries: readonly string[]): void {
    this.#query = queries.join(' ');
    for (const stream of this.#streams) stream.abort();
    this.#streams = queries.map((query) => {
      const ended = new AbortController();
      void this.#follow(query, ended.signal);
      return ended;
    });
  }

  /** Never rejects: failures become errors of the values. */
  async #follow(query: string, signal: AbortSignal): Promise<void> {
    try {
      const reply = await this.#open(query, signal);
      const close = (): void => reply.close();
      signal.addEventListener('abort', close, { once: true });
      try {
        if (signal.aborted) return;
        await this.#read(reply, namesIn(query), signal);
      } finally {
        signal.removeEventListener('abort', close);
        close();
      }
      this.#fail(query, signal, this.#away('its stream of values ended'));
    } catch (error) {
      this.#fail(query, signal, error instanceof SovdError ? error : this.#away(errorMessage(error)));
    }
  }

  async #open(query: string, signal: AbortSignal): Promise<ForwardReply> {
    const { model, clock, runtime } = this.#options;
    const provider = model.provider(runtime)?.forwarding;
    if (!provider) throw this.#away('it is no longer shown on this gateway');
    const headers = { accept: 'text/event-stream' };
    const request = { method: 'GET', path: PEER_PATHS.live, query, headers } as const;
    const reply = await provider.send('', request, callContext({ clock, timeoutMs: OPEN_TIMEOUT_MS, signal }));
    if (reply.status === 200 && reply.headers['content-type']?.startsWith('text/event-stream')) return reply;
    reply.close();
    throw reply.status === 404
      ? new SovdError({
          code: 'not-implemented',
          message: `The gateway ${runtime} has an earlier version without live values. Read its data or subscribe to it instead`,
          parameters: { gateway: runtime },
        })
      : this.#away(`it answered ${reply.status}`);
  }

  async #read(reply: ForwardReply, names: readonly string[], signal: AbortSignal): Promise<void> {
    for await (const parts of streamParts(reply, this.#options.clock, MAX_DOCUMENT_BYTES)) {
      for (const part of parts) {
        if (signal.aborted) return;
        if ('data' in part && part.event === 'values') this.#take(names, parseJson(part.data) as unknown as LiveValues);
      }
    }
  }

  #take(names: readonly string[], { values }: LiveValues): void {
    for (const [place, value] of Object.entries(values)) {
      const wanted = this.#wanted.get(names[Number(place)] ?? '');
      if (wanted) this.#update(wanted, stringifyJson(value), isMissing(value));
    }
  }

  #fail(query: string, signal: AbortSignal, error: SovdError): void {
    if (signal.aborted) return;
    const text = `{"error":${problemText(error)}}`;
    for (const name of namesIn(query)) {
      const wanted = this.#wanted.get(name);
      if (wanted && wanted.text !== text) this.#update(wanted, text, false);
    }
    const giveUp = (): void => timer.cancel();
    const { clock, random } = this.#options;
    const timer = clock.after(retryDelayMs(RETRY, 1, random), () => {
      signal.removeEventListener('abort', giveUp);
      void this.#follow(query, signal);
    });
    signal.addEventListener('abort', giveUp, { once: true });
  }

  #update(wanted: Wanted, text: string, missing: boolean): void {
    wanted.text = text;
    wanted.isMissing = missing;
    wanted.revision = this.#options.revisions.next();
    for (const { changed } of [...wanted.lookers.values()]) changed();
  }

  #away(details: string): SovdError {
    const { runtime } = this.#options;
    const message = `The gateway ${runtime} sends no live values: ${details}`;
    return new SovdError({ code: 'not-responding', message, parameters: { gateway: runtime, details } });
  }
}

function periodsOf({ lookers }: Wanted): readonly number[] {
  return [...lookers.values()].map(({ periodMs }) => periodMs);
}

/** A value without the requested field still has a time, so it is not missing. */
function isMissing({ error, at_ms }: LiveValue): boolean {
  return (
    at_ms === undefined && (error?.error_code === 'resource-not-found' || error?.error_code === 'entity-not-found')
  );
}

/** Distributes the names over as many streams as needed. */
function queriesOf(names: readonly string[], intervalMs: number): readonly string[] {
  const groups: string[][] = [];
  let length = 0;
  for (const name of names) {
    const size = encodeURIComponent(name).length + 1;
    const group = groups.at(-1);
    if (group && group.length < MAX_LIVE_VALUES && length + size <= MAX_QUERY_LENGTH) {
      group.push(name);
      length += size;
    } else {
      groups.push([name]);
      length = size;
    }
  }
  return groups.map((group) => {
    const watch = group.map(encodeURIComponent).join(',');
    return `events=none&interval=${intervalMs}&watch=${watch}`;
  });
}

function namesIn(query: string): readonly string[] {
  const names = query.slice(query.indexOf('&watch=') + '&watch='.length);
  return names.split(',').map(decodeURIComponent);
}
