import type { Clock } from '@medkit/edges';
import { appendAudit } from '../audit/append-audit.ts';
import type { AuditRecord } from '../audit/audit-record.ts';
import { AuditRetention } from '../audit/audit-retention.ts';
import { trimStatement } from '../engine/event-log.ts';
import type { Write } from '../engine/writer.ts';
import { DEFAULT_MAX_EVENTS, type EngineOptions } from '../engine-options.ts';
import { StatementFailed } from '../errors.ts';
import { checkExpected } from '../sql/check-expected.ts';
import type { Durability, Records, Statement, StatementResult, WriteResult } from '../store.ts';
import { writeSize } from '../thread/call-size.ts';
import { WRITER_BOUNDS } from '../thread/link-errors.ts';
import { storableText } from './bind.ts';
import { boundedQueue } from './bounded-queue.ts';
import type { Connection } from './connect.ts';
import { appendEvent } from './event-log.ts';
import { type GroupOutcome, groupCommit } from './group-commit.ts';
import { isConflict, postgresError } from './postgres-error.ts';
import type { QueryResult } from './run-query.ts';
import { runScript, runStatement, translatedOnce } from './run-script.ts';
import { transaction } from './transaction.ts';
import type { MarkedWrite, WriterMark } from './writer-mark.ts';

/** Attempts of a write that other processes exclude: each attempt fails only if another write succeeds. */
const MAX_ATTEMPTS = 5;

export type PostgresOptions = Pick<EngineOptions, 'migrations' | 'maxEvents' | 'audit'>;

export interface PostgresWriter {
  write(write: Write): Promise<WriteResult>;
  sync(): Promise<void>;
  readonly failedAuditPrunes: number;
  readonly underWay: number;
  idle(): Promise<void>;
}

interface Dependencies {
  readonly connection: Connection;
  readonly path: string;
  readonly options: PostgresOptions;
  readonly clock: Clock;
  /** Marks each write. */
  readonly mark?: WriterMark | undefined;
}

const BEGIN: Readonly<Record<Durability, string>> = {
  disk: 'BEGIN',
  system: 'BEGIN; SET LOCAL synchronous_commit TO OFF',
};

/** Returns what writes on a connection, one write after the other. */
export function postgresWriter({ connection, path, options, clock, mark }: Dependencies): PostgresWriter {
  const queue = boundedQueue(WRITER_BOUNDS);
  const retention = new AuditRetention(options.audit ?? { maxRecords: 0 });
  let failedAuditPrunes = 0;

  /** Appends the records of a write. */
  const append = async ({ events = [], audit = [] }: Records): Promise<Omit<WriteResult, 'results'>> => {
    if (audit.length > 0 && !options.audit) throw new StatementFailed(`${path} was opened without an audit log`);
    const eventIds: number[] = [];
    for (const event of events) eventIds.push(await runScript(connection, appendEvent(event)));
    const trim = trimStatement(options.maxEvents ?? DEFAULT_MAX_EVENTS, eventIds);
    if (trim) await runStatement(connection, trim);
    const auditSeqs: number[] = [];
    // The next record needs the hash of the newest one, which no other process may replace meanwhile.
    if (audit.length > 0) await connection.client.query('LOCK TABLE audit_chain_head IN EXCLUSIVE MODE');
    for (const record of audit) auditSeqs.push(await runScript(connection, appendAudit(storable(record))));
    return { eventIds, auditSeqs };
  };
  const apply = async (writes: readonly Write[], further: readonly Statement[]): Promise<readonly WriteResult[]> => {
    const results = [...(await runAll(connection, [...writes.flatMap(({ statements }) => statements), ...further]))];
    const applied: WriteResult[] = [];
    for (const { statements, records } of writes) {
      applied.push({ results: results.splice(0, statements.length), ...(await append(records)) });
    }
    return applied;
  };
  const applyMarked = async (writes: readonly Write[], marked: MarkedWrite | undefined) => {
    const durability = writes.every((write) => write.durability === 'system') ? 'system' : 'disk';
    const further = marked ? [marked.statement] : [];
    const applied = await transaction(connection, BEGIN[durability], () => apply(writes, further));
    marked?.committed(durability);
    return applied;
  };
  const attempt = async (write: Write, attempts = 1): Promise<WriteResult> => {
    try {
      if (!mark && isSingle(write)) {
        return { results: await runAll(connection, write.statements), eventIds: [], auditSeqs: [] };
      }
      const [result] = await applyMarked([write], mark?.next());
      return result!;
    } catch (error) {
      if (isConflict(error) && attempts < MAX_ATTEMPTS) return attempt(write, attempts + 1);
      throw postgresError(error, path);
    }
  };
  /** Commits writes together. If one fails, the server undoes all, and each is committed alone: the others must not fail. */
  const commit = async (writes: readonly Write[]): Promise<readonly GroupOutcome<WriteResult>[]> => {
    if (writes.length > 1) {
      const together = await applyMarked(writes, mark?.next()).catch(() => undefined);
      if (together) return together.map((result) => ({ result }));
    }
    const outcomes: GroupOutcome<WriteResult>[] = [];
    for (const write of writes) {
      outcomes.push(
        await attempt(write).then(
          (result) => ({ result }),
          (error: unknown) => ({ error }),
        ),
      );
    }
    return outcomes;
  };
  /** The new records are committed: a failure to remove old ones must not undo that. */
  const pruneAudit = async (appended: readonly AuditRecord[]): Promise<void> => {
    if (appended.length === 0 && retention.isCounted) return;
    try {
      if (!(await runScript(connection, retention.isDue(appended.map(storable))))) return;
      const prune = () => runScript(connection, retention.prune(clock.wallNs()));
      retention.settle(await transaction(connection, BEGIN.disk, prune));
    } catch {
      failedAuditPrunes += 1;
    }
  };
  const write = groupCommit({
    queue,
    mayJoin,
    run: async (writes: readonly Write[]) => {
      const outcomes = await commit(writes);
      await pruneAudit(writes.flatMap(({ records }, index) => (outcomes[index]?.result && records.audit) || []));
      return outcomes;
    },
  });
  return {
    write: (each) => write(writeSize(each), each),
    sync: () =>
      queue.run(0, async () => {
        try {
          // Commits wait for the disk in order, so that one that writes something waits for all earlier ones.
          await connection.client.query("SELECT pg_logical_emit_message(true, 'medkit.sync', '')");
        } catch (error) {
          throw postgresError(error, path);
        }
      }),
    get failedAuditPrunes() {
      return failedAuditPrunes;
    },
    get underWay() {
      return queue.underWay;
    },
    idle: () => queue.idle(),
  };
}

/** Returns whether all statements of a write can be sent together with those of others: none needs an earlier result. */
function mayJoin({ statements, records: { events = [], audit = [] } }: Write): boolean {
  if (events.length > 0 || audit.length > 0) return false;
  try {
    return statements.every(({ sql }) => !translatedOnce(sql).holes.includes('changes'));
  } catch {
    // A statement that only the store may run: the write fails alone, and reports it.
    return false;
  }
}

/** Returns whether the write is one statement that the server can commit without a transaction of several messages. */
function isSingle({ statements, records: { events = [], audit = [] }, durability = 'disk' }: Write): boolean {
  const isAlone = statements.length <= 1 && events.length === 0 && audit.length === 0 && durability === 'disk';
  // The number of changed and returned rows is only known afterwards, and may undo the write.
  return isAlone && statements.every(({ sql, expect }) => expect === undefined && !/\breturning\b/i.test(sql));
}

/** Sends all statements without waiting for each, unless one needs the number of rows that the one before it changed. */
async function runAll(connection: Connection, statements: readonly Statement[]): Promise<readonly StatementResult[]> {
  const sent: Promise<QueryResult>[] = [];
  try {
    for (const statement of statements) {
      const needsChanges = translatedOnce(statement.sql).holes.includes('changes');
      const changes = needsChanges ? ((await sent.at(-1))?.changes ?? 0) : 0;
      sent.push(runStatement(connection, statement, { changes }));
      // The wait for all of them reports it.
      sent[sent.length - 1].catch(() => undefined);
    }
    const results = await Promise.all(sent);
    for (const [index, result] of results.entries()) checkExpected(statements[index], result);
    return results.map(({ changes, rows }) => ({ changes, rows }));
  } finally {
    // After a failure the server rejects the rest.
    await Promise.allSettled(sent);
  }
}

/** The hash of a record covers its texts as they are stored. */
const storable = (record: AuditRecord): AuditRecord => ({
  ...record,
  faultCode: storableText(record.faultCode),
  transition: storableText(record.transition),
  status: storableText(record.status),
  sourceId: storableText(record.sourceId),
  description: storableText(record.description),
});
