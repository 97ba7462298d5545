import type { Random } from '@medkit/edges';
import {
  type EntityBody,
  GATEWAY_KEY,
  type GatewayMark,
  type HistoryRow,
  type ParameterBody,
  parameterKey,
} from '../history-row.ts';

/** What a witness that copies the whole state noted after a row. */
export interface Copy {
  /** Whether the gateway recorded after the row. */
  readonly isRecording: boolean;
  /** Names of online entities and of offline ones with a `!`, sorted. */
  readonly entities: readonly string[];
  /** Known parameters as `entity name=value`, sorted. */
  readonly parameters: readonly string[];
}

export interface RandomLog {
  readonly rows: readonly HistoryRow[];
  /** One for each row. */
  readonly copies: readonly Copy[];
}

const APPS = ['camera', 'lidar', 'planner', 'ein "Name" mit \u0000'];
const NAMES = ['speed', 'a"b', '{}', 'x%_'];

/** Creates a log of random changes, restarts in both ways and clocks that are set back, with a witness beside it. */
export function randomLog(random: Random, length: number): RandomLog {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random.float() * items.length)]!;
  const rows: HistoryRow[] = [];
  const copies: Copy[] = [];
  // The witness knows nothing of runs and sessions: it forgets the values of a process when it ends.
  const online = new Map<string, boolean>();
  const runs = new Map<string, number>();
  const values = new Map<string, Map<string, string>>();
  let [atMs, session, runCount] = [1_000_000, 0, 0];
  let isRecording = false;
  const add = (key: string, body: object | undefined): void => {
    atMs += random.float() < 0.02 ? -Math.floor(random.float() * 3000) : Math.floor(random.float() * 200);
    rows.push({ id: rows.length + 1, atMs, key, body: body && JSON.stringify(body) });
    const known = [...values].flatMap(([entity, of]) => [...of].map(([name, value]) => `${entity} ${name}=${value}`));
    const entities = [...online].map(([id, is]) => (is ? id : `${id}!`)).sort();
    copies.push({ isRecording, entities, parameters: known.sort() });
  };
  const mark = (more: Partial<GatewayMark>): GatewayMark => ({
    session,
    version: '1',
    // Above every time: only the unit tests of gaps look at the time between the start and the first row.
    startedMs: Number.MAX_SAFE_INTEGER,
    after: 'start',
    ...more,
  });
  while (rows.length < length) {
    const app = pick(APPS);
    const chance = random.float();
    if (!isRecording || chance < 0.03) {
      // A session follows another one without an end if the gateway was killed.
      session += 1;
      isRecording = true;
      values.clear();
      add(GATEWAY_KEY, mark({}));
    } else if (chance < 0.05) {
      isRecording = false;
      add(GATEWAY_KEY, mark({ ended: true }));
    } else if (chance < 0.3) {
      const is = !online.get(app);
      if (!is || !online.has(app)) runs.set(app, ++runCount);
      if (!is) values.delete(app);
      online.set(app, is);
      const body: EntityBody = { name: app, online: is, run: runs.get(app)! };
      add(`app ${app}`, body);
    } else if (chance < 0.4) {
      if (!online.delete(app)) continue;
      values.delete(app);
      add(`app ${app}`, undefined);
    } else {
      if (!online.get(app)) continue;
      const name = pick(NAMES);
      const of = values.get(app) ?? new Map<string, string>();
      const value = random.float() < 0.1 ? undefined : String(Math.floor(random.float() * 10));
      if (value === undefined) of.delete(name);
      else of.set(name, value);
      values.set(app, of);
      const entity = `app ${app}`;
      const body: ParameterBody = { entity, name, source: 'read', session, run: runs.get(app)!, value: value ?? '' };
      add(parameterKey(entity, name), value === undefined ? undefined : body);
    }
  }
  return { rows, copies };
}
