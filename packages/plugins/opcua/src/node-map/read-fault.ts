import { isFaultCode, MAX_CODE_LENGTH } from './fault-codes.ts';
import { type AlarmSeverity, type MappedFault, SEVERITY_NAMES } from './fault-rule.ts';
import type { MapFields } from './map-fields.ts';

const ERROR = 2;

/** The fault of a rule; undefined, with a warning, where it has no code that can be used. */
export function faultOf(fields: MapFields): MappedFault | undefined {
  const code = codeOf(fields, 'fault_code');
  const severity = severityOf(fields, 'severity') ?? ERROR;
  const message = fields.text('message') ?? code ?? '';
  if (code === undefined && !fields.has('fault_code')) fields.warn('it has no fault_code; it is skipped');
  return code === undefined ? undefined : { code, severity, message };
}

/** The code below `name`; undefined, with a warning, for one that no fault can have. */
export function codeOf(fields: MapFields, name: string): string | undefined {
  const code = fields.text(name, MAX_CODE_LENGTH);
  if (code === undefined || isFaultCode(code)) return code;
  fields.warn(`${name}: expected letters, figures, _, - and single dots, found ${JSON.stringify(code)}; it is skipped`);
  return undefined;
}

/** The severity below `name`; one that there is not is warned of and taken for an ERROR; undefined where there is none. */
export function severityOf(fields: MapFields, name: string): AlarmSeverity | undefined {
  const isGiven = fields.has(name) && fields.text(name) !== '';
  if (!isGiven) return undefined;
  const word = fields.word(name, SEVERITY_NAMES);
  return word === undefined ? ERROR : (SEVERITY_NAMES.indexOf(word) as AlarmSeverity);
}
