import { GatewayRefused } from '@medkit/client';
import { retryDelayMs } from '@medkit/edges';
import type { Connect } from './connect.ts';
import type { FromStream, StreamState } from './messages.ts';
import { isListable, rejectedValues, type TabSubscription, type WatchList, watchList } from './watch-list.ts';

/**
 * Delay before a changed watch list is applied, and its maximum. A scrolling tab changes its list many times in a short
 * time.
 */
const REST_MS = 120;
const MAX_WAIT_MS = 500;
const MAX_PAUSE_MS = 4_000;
/** Delay after failures. A part is random, so that the pages do not return to a restarted gateway together. */
const RETRY = { firstMs: 500, maxMs: MAX_PAUSE_MS };
const RANDOM = { float: () => Math.random() };
const REFUSED_PAUSE_MS = 300_000;

/** A browser tab as the stream sees it. */
export interface Tab extends TabSubscription {
  readonly send: (message: FromStream) => void;
}

interface Connection {
  readonly list: WatchList;
  readonly aborter: AbortController;
}

/**
 * The stream of all tabs of one session. For a changed watch list it opens a second connection and closes the first one
 * once the second is open, so that no event is lost.
 */
export class SharedStream {
  readonly #connect: Connect;
  readonly #tabs = new Set<Tab>();
  /**
   * Errors of invalid values, from the gateway or from the format check. Removed with the last tab that shows the
   * value.
   */
  readonly #wrong = new Map<string, string>();
  #state: StreamState = { is: 'connecting' };
  /** Data of the last `tree` event. */
  #tree: string | undefined;
  #open: Connection | undefined;
  #opening: Connection | undefined;
  #wasOpen = false;
  /** True if events may have been missed since the stream was last open. */
  #hasMissed = true;
  /** True if a tab shows more values, which may already be followed. Only a new connection sends all values again. */
  #mustReportAll = false;
  /** Consecutive failures to open or keep a stream. */
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #restlessMs: number | undefined;

  constructor(connect: Connect) {
    this.#connect = connect;
  }

  get isEmpty(): boolean {
    return this.#tabs.size === 0;
  }

  /** Adds a tab. A returning tab (`isBack`) may have missed events. */
  join(tab: Tab, { isBack }: { readonly isBack: boolean }): void {
    this.#tabs.add(tab);
    tab.send({ is: 'state', state: this.#state });
    if (isBack && this.#open) tab.send({ is: 'opened' });
    if (this.#state.is === 'refused') this.tryNow();
    this.#settle();
  }

  leave(tab: Tab): void {
    this.#tabs.delete(tab);
    if (this.isEmpty) this.#close();
    else this.#settle();
  }

  /** Applies a changed selection of a tab; `hasMore` is true if it includes values it did not show before. */
  change({ hasMore }: { readonly hasMore: boolean }): void {
    this.#mustReportAll ||= hasMore;
    this.#settle();
  }

  /** Retries immediately if the stream was refused. */
  tryNow(): void {
    if (this.#state.is === 'refused') this.#begin();
  }

  #settle(): void {
    const nowMs = performance.now();
    this.#restlessMs ??= nowMs;
    clearTimeout(this.#rest);
    const restMs = this.#wasOpen ? Math.min(REST_MS, this.#restlessMs + MAX_WAIT_MS - nowMs) : 0;
    this.#rest = setTimeout(() => this.#compare(), Math.max(0, restMs));
  }

  /** Opens a connection if the latest one does not follow the wanted values and no retry is scheduled. */
  #compare(): void {
    this.#restlessMs = undefined;
    if (this.isEmpty) return;
    const list = this.#list();
    const newest = this.#opening ?? this.#open;
    const isSame = newest !== undefined && newest.list.watch.join() === list.watch.join();
    if (isSame && !this.#mustReportAll) this.#sendUnfollowed(list);
    // A scheduled retry uses the list that is current then.
    else if (this.#retry === undefined) this.#begin();
  }

  #list(): WatchList {
    const tabs = [...this.#tabs];
    const watched = new Set(tabs.flatMap(({ values }) => values));
    for (const value of this.#wrong.keys()) if (!watched.has(value)) this.#wrong.delete(value);
    for (const value of watched) if (!isListable(value)) this.#wrong.set(value, `${value} names no value`);
    return watchList(tabs, (value) => this.#wrong.has(value));
  }

  #begin(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#mustReportAll = false;
    this.#opening?.aborter.abort();
    const connection: Connection = { list: this.#list(), aborter: new AbortController() };
    this.#opening = connection;
    this.#sendUnfollowed(connection.list);
    void this.#run(connection);
  }

  async #run(connection: Connection): Promise<void> {
    const { list, aborter } = connection;
    const { signal } = aborter;
    try {
      const pauseMs = await this.#connect({
        watch: list.watch,
        signal,
        onOpen: () => !signal.aborted && this.#takeOver(connection),
        onEvent: (event, data) => {
          if (signal.aborted) return;
          if (event === 'values') this.#send({ is: 'values', watch: list.watch, data });
          else if (event !== 'tree' || this.#isNewTree(data)) this.#send({ is: 'news', event, data });
        },
      });
      if (!signal.aborted) this.#lose(connection, pauseMs);
    } catch (error) {
      if (!signal.aborted) this.#fail(connection, error);
    }
  }

  /**
   * Returns whether the tree changed. Every connection starts with the current tree, which is an event only if it
   * differs.
   */
  #isNewTree(tree: string): boolean {
    const before = this.#tree;
    this.#tree = tree;
    return before !== undefined && before !== tree;
  }

  #takeOver(connection: Connection): void {
    this.#open?.aborter.abort();
    this.#open = connection;
    this.#opening = undefined;
    this.#wasOpen = true;
    this.#failures = 0;
    // Before the state: requests that wait for it are not affected by what was missed.
    if (this.#hasMissed) this.#send({ is: 'opened' });
    this.#hasMissed = false;
    if (this.#state.is !== 'live') this.#turn({ is: 'live' });
  }

  #fail(connection: Connection, error: unknown): void {
    const refused = error instanceof GatewayRefused && error.status < 500 ? error : undefined;
    const wrong = refused ? rejectedValues(connection.list.watch, refused) : [];
    if (refused && wrong.length > 0) {
      for (const value of wrong) this.#wrong.set(value, refused.message);
      this.#begin();
    } else if (refused?.status === 429) {
      const seconds = Number(refused.parameters['retry_after']);
      this.#lose(connection, seconds > 0 ? seconds * 1_000 : MAX_PAUSE_MS);
    } else if (refused?.status === 401 || refused?.status === 403) {
      this.#open?.aborter.abort();
      this.#forget(connection);
      this.#open = undefined;
      this.#hasMissed = true;
      this.#retryIn(REFUSED_PAUSE_MS);
      this.#turn({ is: 'refused', status: refused.status, message: refused.message });
    } else {
      this.#failures += 1;
      this.#lose(connection, retryDelayMs(RETRY, this.#failures, RANDOM));
    }
  }

  /** Handles a connection that ended or failed to open. Schedules a retry unless another connection is being opened. */
  #lose(connection: Connection, pauseMs: number): void {
    this.#forget(connection);
    if (this.#opening === undefined) this.#retryIn(pauseMs);
    // The previous connection is still open and delivers events.
    if (this.#open) return;
    this.#hasMissed = true;
    const since = this.#state.is === 'lost' ? this.#state.since : Date.now();
    this.#turn({ is: 'lost', since, retryMs: pauseMs });
  }

  #forget(connection: Connection): void {
    connection.aborter.abort();
    if (this.#opening === connection) this.#opening = undefined;
    if (this.#open === connection) this.#open = undefined;
  }

  #retryIn(pauseMs: number): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#begin(), pauseMs);
  }

  #close(): void {
    for (const timer of [this.#retry, this.#rest]) clearTimeout(timer);
    this.#opening?.aborter.abort();
    this.#open?.aborter.abort();
    this.#opening = this.#open = this.#retry = this.#restlessMs = this.#tree = undefined;
    this.#hasMissed = true;
    this.#wasOpen = false;
    this.#state = { is: 'connecting' };
  }

  #turn(state: StreamState): void {
    this.#state = state;
    this.#send({ is: 'state', state });
  }

  #sendUnfollowed({ omitted }: WatchList): void {
    const wrong = [...this.#wrong];
    this.#send({ is: 'unfollowed', omitted, wrong });
  }

  #send(message: FromStream): void {
    for (const { send } of this.#tabs) send(message);
  }
}
