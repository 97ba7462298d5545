import type { UplinkEvidence } from '@medkit/contract';
import type { SqlValue, Statement } from '@medkit/store';
import type { LogRecord } from './log-lines.ts';

/** Descriptors of one robot; the oldest ones beyond are removed. */
const MAX_EVIDENCE_OF_ROBOT = 1000;
const MAX_TEXT_CHARS = 256;
/** Topics that a descriptor lists. */
const MAX_TOPICS = 64;

const KINDS: readonly UplinkEvidence['evidence'][] = ['recording', 'frames', 'logs'];
const TEXTS = ['recording_id', 'format', 'start', 'end'] as const;
const NUMBERS = ['occurrence', 'size_bytes', 'duration_sec', 'frames', 'lines'] as const;

/** What a record of kind `evidence` states: a descriptor, or that the evidence was removed. */
export interface RecordedEvidence {
  readonly seq: number;
  readonly code: string;
  /** Identifies the evidence on its robot. */
  readonly key: string;
  /** `undefined` if it was removed. */
  readonly descriptor: UplinkEvidence | undefined;
}

/** Reads the body of an evidence record, members of the right type only. Returns `undefined` for another record. */
export function recordedEvidence({ kind, seq, body }: LogRecord): RecordedEvidence | undefined {
  if (kind !== 'evidence') return undefined;
  const members = Object(body) as Readonly<Record<string, unknown>>;
  const { fault_code: code, id, state, topics } = members;
  const evidence = KINDS.find((each) => each === members['evidence']);
  if (!isText(code) || !isText(id) || !evidence) return undefined;
  const picked = (names: readonly string[], isSound: (value: unknown) => boolean) =>
    Object.fromEntries(names.flatMap((name) => (isSound(members[name]) ? [[name, members[name]]] : [])));
  const descriptor: UplinkEvidence = {
    evidence,
    id,
    ...picked(TEXTS, isText),
    ...picked(NUMBERS, (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0),
    ...(Array.isArray(topics) && { topics: topics.filter(isText).slice(0, MAX_TOPICS) }),
  };
  return { seq, code, key: `${evidence} ${id}`, descriptor: state === 'removed' ? undefined : descriptor };
}

/**
 * Returns the statements that store what evidence a robot has.
 * @param cursor FROM clause of the cursor `c` of the robot
 * @param moved condition that this batch has moved it, with its parameters
 */
export function evidenceStatements(
  records: readonly RecordedEvidence[],
  robot: number,
  { cursor, moved, parameters }: { cursor: string; moved: string; parameters: readonly SqlValue[] },
): readonly Statement[] {
  if (records.length === 0) return [];
  return [
    ...records.map(
      ({ seq, code, key, descriptor }): Statement =>
        descriptor
          ? {
              sql: `INSERT INTO fleet_evidence (robot, key, log, seq, code, body)
                    SELECT c.robot, ?, c.log, ?, ?, ? FROM ${cursor} WHERE ${moved}
                    ON CONFLICT (robot, key) DO UPDATE SET
                      log = excluded.log, seq = excluded.seq, code = excluded.code, body = excluded.body`,
              parameters: [key, seq, code, JSON.stringify(descriptor), ...parameters],
            }
          : {
              sql: `DELETE FROM fleet_evidence WHERE robot = ? AND key = ?
                    AND EXISTS (SELECT 1 FROM ${cursor} WHERE ${moved})`,
              parameters: [robot, key, ...parameters],
            },
    ),
    {
      sql: `DELETE FROM fleet_evidence WHERE robot = :robot AND key IN (
              SELECT key FROM fleet_evidence WHERE robot = :robot ORDER BY seq DESC LIMIT 1000000 OFFSET ${MAX_EVIDENCE_OF_ROBOT})`,
      parameters: { robot },
    },
  ];
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_TEXT_CHARS;
