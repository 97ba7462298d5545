import { type ConfigurationChanged, type EntityRef, errorMessage, type Log, type Model } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import { entitiesAt } from '@medkit/entities';
import { TokenBucket } from '../limits/token-bucket.ts';
import { ChangeQuota } from './change-quota.ts';
import { bodyOf, entityKey, GATEWAY_KEY, type GatewayMark, type HistoryRow, type NewRow } from './history-row.ts';
import { appendRows, type HistoryBounds, type HistoryDatabase, lastRows, trimHistory } from './history-storage.ts';
import type { Recording } from './past-record.ts';
import {
  keysOfTree,
  type LearnedValue,
  MAX_PARAMETERS_OF_ENTITY,
  RecordedState,
  type TimedValue,
} from './recorded-state.ts';

/** Time after the start at which recording begins: until then, the nodes of the robot are being discovered. */
const SETTLE_MS = 5000;
/** Changes within this time are written together. */
const WRITE_MS = 250;
/** Time until a change is considered again whose entity has used its rows. */
const HOLD_MS = 60_000;
/** Time until recording begins again after an overload, or after a write failed. */
const RESUME_MS = 60_000;
/** Maximum rows per minute of all entities: names that a hostile node invents must not remove the history of a month. */
const MAX_ROWS_PER_MINUTE = 6000;
/** Maximum rows per transaction. */
const MAX_ROWS_PER_WRITE = 1000;
/** Maximum changes that wait to be written; beyond it, recording pauses. */
const MAX_PENDING = 20_000;
/** The bounds of the log are checked after this many written rows. */
const TRIM_EVERY = 1000;

export interface HistoryRecorderOptions {
  readonly model: Pick<Model, 'events' | 'tree'>;
  readonly database: HistoryDatabase;
  readonly clock: Clock;
  readonly log: Log;
  readonly bounds: HistoryBounds;
  readonly version: string;
}

/** Writes the changes of the entity tree and of known parameter values to the change log. */
export interface HistoryRecorder {
  /** Whether changes are recorded now. */
  readonly recording: Recording;
  /** Receives values of parameters. With `isComplete`, the entity has no others. */
  learned(entity: EntityRef, values: readonly LearnedValue[], isComplete?: boolean): void;
  /** Writes pending changes. */
  flush(): Promise<void>;
  /** Writes pending changes, and that the gateway ends. */
  close(): Promise<void>;
}

/** Starts to record. Never blocks or fails: if a write fails, logs it and resumes later. */
export function startHistory(options: HistoryRecorderOptions): HistoryRecorder {
  const recorder = new Recorder(options);
  recorder.begin();
  return recorder;
}

class Recorder implements HistoryRecorder {
  readonly #options: HistoryRecorderOptions;
  readonly #quota = new ChangeQuota();
  readonly #budget: TokenBucket;
  readonly #stops: (() => void)[] = [];
  /** Changed entities by key, with the time of the last change; in the order of these times. */
  #entities = new Map<string, number>();
  /** Keys of apps whose process may have changed. */
  #restarted = new Set<string>();
  #values = new Map<string, Map<string, TimedValue>>();
  #valueCount = 0;
  /** Absent while nothing is recorded. */
  #state: RecordedState | undefined;
  #recording: Recording;
  #timer: Timer | undefined;
  #resumes: Timer | undefined;
  #working: Promise<void> = Promise.resolve();
  #writtenRows = 0;
  #isClosed = false;

  constructor(options: HistoryRecorderOptions) {
    this.#options = options;
    const { clock } = options;
    this.#budget = new TokenBucket(MAX_ROWS_PER_MINUTE, clock.monotonicMs());
    this.#recording = { is: 'starting', sinceMs: clock.wallMs() };
  }

  get recording(): Recording {
    return this.#recording;
  }

  begin(): void {
    const { events } = this.#options.model;
    this.#stops.push(
      events.on('entities.changed', ({ added, changed, removed }) => {
        for (const ref of added) this.#changed(ref);
        for (const ref of changed) this.#changed(ref);
        for (const ref of removed) this.#changed(ref);
      }),
      events.on('configuration.changed', (change) => this.#observed(change)),
    );
    this.#resumeAfter(SETTLE_MS, 'start');
  }

  learned(entity: EntityRef, values: readonly LearnedValue[], isComplete = false): void {
    if (!this.#state) return;
    const key = entityKey(entity);
    for (const value of values) this.#learn(key, value);
    if (isComplete) {
      const names = new Set(values.map(({ name }) => name));
      for (const name of this.#state.parametersOf(key))
        if (!names.has(name)) this.#learn(key, { name, text: undefined, source: 'read' });
    }
    if (this.#valueCount > 0) this.#writeSoon(WRITE_MS);
  }

  flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    return this.#do(() => this.#writeAll());
  }

  async close(): Promise<void> {
    for (const stop of this.#stops) stop();
    this.#resumes?.cancel();
    await this.flush();
    this.#isClosed = true;
    await this.#do(async () => {
      if (this.#state) await this.#append([this.#mark({ after: 'start', ended: true })]);
      this.#state = undefined;
    });
  }

  #changed(ref: EntityRef): void {
    if (!this.#state) return;
    const key = entityKey(ref);
    if (ref.kind === 'app' && !this.#options.model.tree.get('app', ref.id)?.online) this.#restarted.add(key);
    this.#entities.delete(key);
    this.#entities.set(key, this.#options.clock.wallMs());
    if (this.#entities.size > MAX_PENDING) this.#pause('overload');
    else this.#writeSoon(WRITE_MS);
  }

  /** A change by another program. Of several changes together the values are unknown. */
  #observed({ runtime, nativeId, name, to }: ConfigurationChanged): void {
    const [entity] = entitiesAt(this.#options.model.tree, runtime, nativeId);
    if (!entity) return;
    if (name !== undefined) {
      this.learned(entity, [{ name, text: to, source: 'observed' }]);
    } else {
      this.#restarted.add(entityKey(entity));
      this.#changed(entity);
    }
  }

  #learn(key: string, value: LearnedValue): void {
    if (this.#valueCount >= MAX_PENDING) return;
    const values = this.#values.get(key) ?? new Map<string, TimedValue>();
    if (!values.has(value.name)) {
      if (values.size >= 2 * MAX_PARAMETERS_OF_ENTITY) return;
      this.#valueCount += 1;
    }
    values.set(value.name, { ...value, atMs: this.#options.clock.wallMs() });
    this.#values.set(key, values);
  }

  #writeSoon(delayMs: number): void {
    if (this.#isClosed) return;
    this.#timer ??= this.#options.clock.after(delayMs, () => {
      this.#timer = undefined;
      void this.#do(() => this.#writeAll());
    });
  }

  /** Runs one task after the other, so that rows are written in their order. */
  #do(task: () => Promise<void>): Promise<void> {
    this.#working = this.#working.then(task).catch((error: unknown) => this.#fail(error));
    return this.#working;
  }

  async #writeAll(): Promise<void> {
    for (;;) {
      const rows = this.#nextRows();
      if (rows.length === 0) break;
      await this.#append(rows);
    }
    if (this.#entities.size > 0) this.#writeSoon(HOLD_MS);
    if (this.#writtenRows >= TRIM_EVERY) await this.#trim();
  }

  /** Returns the next rows to write, and removes them from what is pending. */
  #nextRows(): readonly NewRow[] {
    const state = this.#state;
    if (!state) return [];
    const rows: NewRow[] = [];
    const monotonicMs = this.#options.clock.monotonicMs();
    for (const [key, atMs] of this.#entities) {
      if (rows.length >= MAX_ROWS_PER_WRITE) break;
      const isRestarted = this.#restarted.has(key);
      const row = state.entityRow(this.#options.model.tree, key, { atMs, monotonicMs, isRestarted });
      if (row === 'later') continue;
      this.#entities.delete(key);
      this.#restarted.delete(key);
      if (row) rows.push(row);
    }
    for (const [key, values] of this.#values) {
      if (rows.length >= MAX_ROWS_PER_WRITE) break;
      this.#values.delete(key);
      this.#valueCount -= values.size;
      rows.push(...state.parameterRows(key, values.values(), monotonicMs));
    }
    if (rows.length === 0 || this.#budget.take(monotonicMs, rows.length)) return rows;
    this.#pause('overload');
    return [];
  }

  async #append(rows: readonly NewRow[]): Promise<void> {
    await appendRows(this.#options.database, rows);
    this.#writtenRows += rows.length;
  }

  async #trim(): Promise<void> {
    this.#writtenRows = 0;
    const { database, bounds, clock } = this.#options;
    await trimHistory(database, bounds, clock.wallMs());
  }

  #fail(error: unknown): void {
    if (this.#recording.is !== 'failure')
      this.#options.log('warn', `changes of the robot are not recorded for now: ${errorMessage(error)}`);
    this.#pause('failure');
  }

  /** Stops recording for a while. What happens meanwhile is missing in the log, which says so. */
  #pause(is: 'overload' | 'failure'): void {
    this.#state = undefined;
    this.#entities = new Map();
    this.#restarted = new Set();
    this.#values = new Map();
    this.#valueCount = 0;
    if (this.#recording.is !== is) this.#recording = { is, sinceMs: this.#options.clock.wallMs() };
    if (!this.#isClosed) this.#resumeAfter(RESUME_MS, is);
  }

  #resumeAfter(delayMs: number, after: GatewayMark['after']): void {
    this.#resumes?.cancel();
    this.#resumes = this.#options.clock.after(delayMs, () => void this.#do(() => this.#resume(after)));
  }

  /** Begins to record: writes how the tree differs from the end of the log. */
  async #resume(after: GatewayMark['after']): Promise<void> {
    const { database, model, clock } = this.#options;
    const rows = await lastRows(database);
    if (this.#isClosed) return;
    const atMs = clock.wallMs();
    this.#state = new RecordedState(rows, sessionOf(rows) + 1, this.#quota);
    const mark = this.#mark({ after });
    for (const key of new Set([...this.#state.entityKeys, ...keysOfTree(model.tree)])) this.#entities.set(key, atMs);
    await this.#append([mark]);
    this.#recording = { is: 'on' };
    await this.#writeAll();
    await this.#trim();
  }

  #mark(mark: Pick<GatewayMark, 'after' | 'ended'>): NewRow {
    const { clock, version } = this.#options;
    const atMs = clock.wallMs();
    const startedMs = this.#recording.is === 'on' ? atMs : this.#recording.sinceMs;
    const body: GatewayMark = { session: this.#state?.session ?? 0, version, startedMs, ...mark };
    return { atMs, key: GATEWAY_KEY, body: JSON.stringify(body) };
  }
}

/** Returns the number of the last period of recording; 0 if there is none. */
function sessionOf(rows: readonly HistoryRow[]): number {
  return bodyOf<GatewayMark>(rows.find(({ key }) => key === GATEWAY_KEY))?.session ?? 0;
}
