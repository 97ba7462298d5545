import type { Statement } from '@medkit/store';
import { clearProblems, noteProblem } from '../robots/problems.ts';
import type { LogRecord } from './log-lines.ts';

/** Warnings in `/health` of a robot that show that an audit log was changed, or that its head went back. */
const REWRITTEN: ReadonlySet<unknown> = new Set([
  'audit_damaged',
  'audit_went_back',
  'fault_audit_damaged',
  'fault_audit_went_back',
  'peer_audit_rewritten',
]);

/** Returns the statement that notes or removes the problem of the audit log, by the last record of the warnings. */
export function auditStatements(records: readonly LogRecord[], robot: number, atMs: number): readonly Statement[] {
  const health = records.findLast(({ kind }) => kind === 'health');
  if (!health) return [];
  const { warnings } = Object(health.body) as { readonly warnings?: unknown };
  if (!Array.isArray(warnings)) return [];
  const found = [...new Set(warnings.map((warning: unknown) => Object(warning).code as unknown))].filter((code) =>
    REWRITTEN.has(code),
  );
  if (found.length === 0) return [clearProblems(robot, ['audit_rewritten'])];
  const message = `The robot reports ${found.join(', ')}: run medkit audit verify on it, and keep its files.`;
  return [noteProblem(robot, 'audit_rewritten', message, atMs)];
}
