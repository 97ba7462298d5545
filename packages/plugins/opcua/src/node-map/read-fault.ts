import { FAULT_SEVERITIES } from '@medkit/contract';
import { isFaultCode, MAX_CODE_LENGTH } from './fault-codes.ts';
import type { AlarmSeverity, MappedFault } from './fault-rule.ts';
import type { MapFields } from './map-fields.ts';

const ERROR = 2;

/** Reads the fault of a rule; returns `undefined` and warns if it has no valid code. */
export function faultOf(fields: MapFields): MappedFault | undefined {
  const code = codeOf(fields, 'fault_code');
  const severity = severityOf(fields, 'severity') ?? ERROR;
  const message = fields.text('message') ?? code ?? '';
  if (code === undefined && !fields.has('fault_code')) fields.warn('fault_code is missing; the entry is skipped');
  return code === undefined ? undefined : { code, severity, message };
}

/** Reads the code in `name`; returns `undefined` and warns if it is invalid. */
export function codeOf(fields: MapFields, name: string): string | undefined {
  const code = fields.text(name, MAX_CODE_LENGTH);
  if (code === undefined || isFaultCode(code)) return code;
  fields.warn(`${name}: expected letters, digits, _, - and single dots, found ${JSON.stringify(code)}; it is skipped`);
  return undefined;
}

/** Reads the severity in `name`: an unknown one becomes ERROR with a warning; `undefined` if absent. */
export function severityOf(fields: MapFields, name: string): AlarmSeverity | undefined {
  const isSet = fields.has(name) && fields.text(name) !== '';
  if (!isSet) return undefined;
  const word = fields.word(name, FAULT_SEVERITIES.longLabels);
  return word === undefined ? ERROR : (FAULT_SEVERITIES.longLabels.indexOf(word) as AlarmSeverity);
}
