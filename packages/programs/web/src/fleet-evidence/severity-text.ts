import { FAULT_SEVERITIES } from '@medkit/contract/fault-severity';
import { texts } from '../texts/texts.ts';

/** Returns the name of a severity of a rule in the language of the user. */
export const severityText = (name: string): string =>
  texts.severity[(FAULT_SEVERITIES.names as readonly string[]).indexOf(name)] ?? name;
