import type { ScriptExecution, ScriptFailure } from '@medkit/core';
import type { ProcessIdentity } from '@medkit/edges';
import type { Row, SqlValue, Statement } from '@medkit/store';
import type { ExecutionFacts, ExecutionOutput, ScriptRef } from './execution.ts';

/** The database of executions. Calls throw errors that may be shown to clients. */
export interface ScriptDatabase {
  /** Returns whether anything was ever stored. */
  exists(): Promise<boolean>;
  read(sql: string, parameters: readonly SqlValue[]): Promise<readonly Row[]>;
  /** Writes in one transaction; on disk when it resolves. */
  write(statements: readonly Statement[]): Promise<unknown>;
}

/** An execution on disk. */
export interface StoredExecution {
  readonly facts: ExecutionFacts;
  /** Absent if it was no process of this machine. */
  readonly process?: ProcessIdentity;
  /** Bytes of its output. */
  readonly bytes: number;
}

export interface StoredExecutions {
  /** In the order of their ends. */
  readonly executions: readonly StoredExecution[];
  readonly lastNumbers: readonly (ScriptRef & { readonly last: number })[];
}

const FACTS = `owner, script, number, status, progress, started_ms, completed_ms, exit_code, reason, message, client_id,
  digest, runner, process_id, start_ticks, boot_id, octet_length(output) + octet_length(errors) AS bytes`;

/** Stored for executions on other machines. */
const NO_PROCESS: ProcessIdentity = { processId: 0, startTicks: 0, bootId: '' };

/** Stores executions in a database. */
export class ExecutionStorage {
  readonly #database: ScriptDatabase;

  constructor(database: ScriptDatabase) {
    this.#database = database;
  }

  async load(): Promise<StoredExecutions> {
    if (!(await this.#database.exists())) return { executions: [], lastNumbers: [] };
    const rows = await this.#database.read(`SELECT ${FACTS} FROM script_executions ORDER BY completed_ms, number`, []);
    const numbers = await this.#database.read('SELECT owner, script, last FROM script_numbers', []);
    return {
      executions: rows.map(storedOf),
      lastNumbers: numbers.map(({ owner, script, last }) => ({
        owner: String(owner),
        scriptId: String(script),
        last: Number(last),
      })),
    };
  }

  /** Stores an execution before its script starts, so that the next gateway finds its process after a crash. */
  async begin(facts: ExecutionFacts, process: ProcessIdentity = NO_PROCESS): Promise<void> {
    const { owner, scriptId, number, status, startedMs, clientId, digest, runner } = facts;
    await this.#database.write([
      {
        sql: `INSERT INTO script_numbers (owner, script, last) VALUES (?, ?, ?)
              ON CONFLICT (owner, script) DO UPDATE SET last = excluded.last`,
        parameters: [owner, scriptId, number],
      },
      {
        sql: `INSERT INTO script_executions (owner, script, number, status, started_ms, client_id, digest, runner,
                process_id, start_ticks, boot_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        parameters: [
          ...[owner, scriptId, number, status, Math.floor(startedMs), clientId, digest, runner],
          ...[process.processId, process.startTicks, process.bootId],
        ],
      },
    ]);
  }

  /** Stores the end of an execution, and removes the executions that are forgotten in exchange. */
  async end(facts: ExecutionFacts, { output, errors }: ExecutionOutput, forgotten: readonly ExecutionFacts[]) {
    const { owner, scriptId, number, status, progress, completedMs, exitCode, error } = facts;
    await this.#database.write([
      {
        sql: `UPDATE script_executions SET status = ?, progress = ?, completed_ms = ?, exit_code = ?, reason = ?,
                message = ?, output = ?, output_truncated = ?, errors = ?, errors_truncated = ?
              WHERE owner = ? AND script = ? AND number = ?`,
        parameters: [
          ...[status, progress ?? null, completedMs === undefined ? null : Math.floor(completedMs), exitCode ?? null],
          ...[error?.reason ?? null, error?.message ?? null],
          ...[output.text, Number(output.truncated), errors.text, Number(errors.truncated)],
          ...[owner, scriptId, number],
        ],
      },
      ...forgotten.map(deletion),
    ]);
  }

  async forget(executions: readonly ExecutionFacts[]): Promise<void> {
    await this.#database.write(executions.map(deletion));
  }

  /** Removes a script with all of its executions. */
  async removeScript({ owner, scriptId }: ScriptRef): Promise<void> {
    await this.#database.write(
      ['script_executions', 'script_numbers'].map((table) => ({
        sql: `DELETE FROM ${table} WHERE owner = ? AND script = ?`,
        parameters: [owner, scriptId],
      })),
    );
  }

  /** Returns the output of an execution. */
  async written({ owner, scriptId, number }: ExecutionFacts): Promise<ExecutionOutput> {
    const [row] = await this.#database.read(
      `SELECT output, output_truncated, errors, errors_truncated FROM script_executions
       WHERE owner = ? AND script = ? AND number = ?`,
      [owner, scriptId, number],
    );
    return {
      output: { text: String(row?.output ?? ''), truncated: row?.output_truncated === 1 },
      errors: { text: String(row?.errors ?? ''), truncated: row?.errors_truncated === 1 },
    };
  }
}

function deletion({ owner, scriptId, number }: ExecutionFacts): Statement {
  return {
    sql: 'DELETE FROM script_executions WHERE owner = ? AND script = ? AND number = ?',
    parameters: [owner, scriptId, number],
  };
}

function storedOf(row: Row): StoredExecution {
  const facts: ExecutionFacts = {
    owner: String(row.owner),
    scriptId: String(row.script),
    number: Number(row.number),
    status: String(row.status) as ScriptExecution['status'],
    startedMs: Number(row.started_ms),
    clientId: String(row.client_id),
    digest: String(row.digest),
    runner: String(row.runner),
    ...(row.progress !== null && { progress: Number(row.progress) }),
    ...(row.completed_ms !== null && { completedMs: Number(row.completed_ms) }),
    ...(row.exit_code !== null && { exitCode: Number(row.exit_code) }),
    ...(row.reason !== null && {
      error: { reason: String(row.reason) as ScriptFailure, message: String(row.message) },
    }),
  };
  const process = {
    processId: Number(row.process_id),
    startTicks: Number(row.start_ticks),
    bootId: String(row.boot_id),
  };
  return { facts, ...(process.bootId !== NO_PROCESS.bootId && { process }), bytes: Number(row.bytes) };
}
