import { isDeepStrictEqual } from 'node:util';
import { type MemoryStoreOptions, memoryStore } from '../memory-store.ts';
import type { Row } from '../sql/values.ts';
import type { Store } from '../store.ts';

/** Environment variable with the URL of a database of PostgreSQL that runs every statement of a test, too. */
export const TEST_DATABASE = 'MEDKIT_TEST_DATABASE';

/** Calls of one store that are compared: a test that simulates a year has 60,000 equal ones. */
const COMPARED_CALLS = 500;

/**
 * A store in memory for the tests of an owner of tables. If `MEDKIT_TEST_DATABASE` is set, PostgreSQL runs each call as
 * well, in the same order, and the test file fails if a call has another result.
 */
export function testStore(options: MemoryStoreOptions): Store {
  const url = process.env[TEST_DATABASE];
  const store = memoryStore(options);
  return url === undefined ? store : mirrored(store, url, options);
}

const differences: string[] = [];
const mirrors: { readonly settle: () => Promise<void> }[] = [];
let compared = 0;

if (process.env[TEST_DATABASE] !== undefined) {
  const { after } = await import('node:test');
  after(async () => {
    for (const { settle } of mirrors) await settle();
    console.log(`compared ${compared} calls with PostgreSQL`);
    if (differences.length === 0) return;
    for (const problem of differences.slice(0, 30)) console.log(problem.slice(0, 2000));
    process.exitCode = 1;
    throw new Error(`${differences.length} calls have another result on PostgreSQL`);
  });
}

/**
 * Repeats each call on PostgreSQL after the tests: they simulate clocks, do not wait for another process, and keep this
 * one busy for longer than a connection may take.
 */
function mirrored(store: Store, url: string, { clock, migrations, maxEvents, audit }: MemoryStoreOptions): Store {
  const repeats: ((other: Promise<Store>) => Promise<void>)[] = [];
  const open = async (): Promise<Store> => {
    const { postgresStore } = await import('../postgres/postgres-store.ts');
    const schema = `test_${process.pid}_${mirrors.length}_${Math.floor(performance.now())}`;
    return postgresStore({ url, schema, clock, warn: () => undefined, migrations, maxEvents, audit });
  };
  const compare = <T>(what: string, result: Promise<T>, repeat: (store: Store) => Promise<T>): Promise<T> => {
    if (repeats.length === COMPARED_CALLS) return result;
    const expected = outcome(result);
    repeats.push(async (other) => {
      const actual = await outcome(other.then(repeat));
      compared += 1;
      const problem = difference(what, await expected, actual);
      if (problem !== undefined) differences.push(problem);
    });
    return result;
  };
  mirrors.push({
    settle: async () => {
      if (repeats.length === 0) return;
      // A failure to open it is a difference of each call.
      const other = open();
      for (const each of repeats) await each(other);
      await (await other.catch(() => undefined))?.close();
    },
  });
  return {
    ...store,
    write: (statements, records, durability) =>
      compare(
        statements.map(({ sql, parameters }) => `${sql} ${inspect(parameters)}`).join('; '),
        store.write(statements, records, durability),
        (each) => each.write(statements, records, durability),
      ),
    read: (sql, parameters) =>
      compare(`${sql} ${inspect(parameters)}`, store.read(sql, parameters), (each) => each.read(sql, parameters)),
    eventsAfter: (id, limit) =>
      compare(`events after ${id}`, store.eventsAfter(id, limit), (each) => each.eventsAfter(id, limit)),
    verifyAudit: () => compare('verify', store.verifyAudit(), (each) => each.verifyAudit()),
  };
}

type Outcome = { readonly value: unknown } | { readonly error: Error };

const outcome = (call: Promise<unknown>): Promise<Outcome> =>
  call.then(
    (value) => ({ value }),
    (error: Error) => ({ error }),
  );

function difference(what: string, expected: Outcome, actual: Outcome): string | undefined {
  // The copy stays open until the end of the tests.
  if ('error' in expected && expected.error.name === 'StoreClosed') return undefined;
  if ('error' in expected || 'error' in actual) {
    if ('error' in expected && 'error' in actual && expected.error.name === actual.error.name) return undefined;
    const stated = (one: Outcome) => ('error' in one ? `${one.error.name}: ${one.error.message}` : 'no error');
    return `${what}\n  SQLite: ${stated(expected)}\n  PostgreSQL: ${stated(actual)}`;
  }
  const isSorted = /ORDER BY/.test(what);
  const [one, other] = [expected.value, actual.value].map((value) => comparable(value, isSorted));
  if (isDeepStrictEqual(one, other)) return undefined;
  return `${what}\n  SQLite: ${inspect(one)}\n  PostgreSQL: ${inspect(other)}`;
}

/** The order of rows without ORDER BY, and the white space of JSON, may differ. */
function comparable(value: unknown, isSorted: boolean): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => comparable(item, isSorted));
    return isSorted ? items : items.sort((one, other) => (inspect(one) < inspect(other) ? -1 : 1));
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value as Row).filter(([name]) => name !== 'rowid' && name !== 'place');
    return Object.fromEntries(entries.map(([name, each]) => [name, comparable(each, isSorted)]));
  }
  return typeof value === 'string' && /^[[{]/.test(value) ? parsed(value) : value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const inspect = (value: unknown): string =>
  JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}n` : each)) ?? '';
