import { basename, isAbsolute } from 'node:path';
import { faultCodeProblem, MAX_FAULT_CODE_LENGTH, nameProblem } from '../../fault/fault-code.ts';

/** Maximum length of `fault_<code>_<milliseconds>`. */
const MAX_NAME_LENGTH = MAX_FAULT_CODE_LENGTH + 32;

const NAME = /^fault_(.+)_(\d+)$/;

/** Parts of a recording's name, which is also the name of its folder and files. */
export interface RecordingName {
  /** The fault that started the recording. */
  readonly faultCode: string;
  /** Milliseconds since the Unix epoch. */
  readonly beganMs: number;
}

export const recordingName = ({ faultCode, beganMs }: RecordingName): string => `fault_${faultCode}_${beganMs}`;

/** Parses a name; returns `undefined` if it is no recording name. */
export function parseRecordingName(name: string): RecordingName | undefined {
  const [, faultCode = '', digits = ''] = NAME.exec(name) ?? [];
  const beganMs = Number(digits);
  if (faultCodeProblem(faultCode) !== undefined || !Number.isSafeInteger(beganMs)) return undefined;
  return { faultCode, beganMs };
}

/** Returns the problem of a recording name from a client, or `undefined` if it is valid. */
export const recordingIdProblem = (id: string): string | undefined => nameProblem('recording_id', id, MAX_NAME_LENGTH);

/** Returns whether a path may be a recording. Other paths are never removed, whatever the database says. */
export const isRecordingPath = (path: string): boolean =>
  isAbsolute(path) && parseRecordingName(basename(path)) !== undefined;
