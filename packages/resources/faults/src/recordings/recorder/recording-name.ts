import { basename, isAbsolute } from 'node:path';
import { faultCodeProblem, MAX_FAULT_CODE_LENGTH, nameProblem } from '../../fault/fault-code.ts';

/** `fault_`, a code, `_` and milliseconds have no more. */
const MAX_NAME_LENGTH = MAX_FAULT_CODE_LENGTH + 32;

const NAME = /^fault_(.+)_(\d+)$/;

/** What the name of a recording says: it is that of its folder, and of all its files. */
export interface RecordingName {
  /** The fault that it began with. */
  readonly faultCode: string;
  /** Milliseconds since the Unix epoch. */
  readonly beganMs: number;
}

export const recordingName = ({ faultCode, beganMs }: RecordingName): string => `fault_${faultCode}_${beganMs}`;

/** `undefined` for a name that no recording has. */
export function parseRecordingName(name: string): RecordingName | undefined {
  const [, faultCode = '', digits = ''] = NAME.exec(name) ?? [];
  const beganMs = Number(digits);
  if (faultCodeProblem(faultCode) !== undefined || !Number.isSafeInteger(beganMs)) return undefined;
  return { faultCode, beganMs };
}

/** What is wrong with a client's name of a recording, or `undefined` for a good one. */
export const recordingIdProblem = (id: string): string | undefined => nameProblem('recording_id', id, MAX_NAME_LENGTH);

/** Whether a path can be that of a recording. Nothing else is ever removed, whatever a database says. */
export const isRecordingPath = (path: string): boolean =>
  isAbsolute(path) && parseRecordingName(basename(path)) !== undefined;
