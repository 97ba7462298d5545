import { nearestName } from '@medkit/documents';
import type { Assignment, Notice, SourceReading } from './assignment.ts';
import { flowList } from './flow-list.ts';
import { newerVersionKeys } from './newer-version-keys.ts';
import { variableName } from './setting.ts';
import { SETTING_ROWS } from './settings.ts';

/** Environment variables in the form of `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Variable with the path of a configuration file. */
export const CONFIG_VARIABLE = 'MEDKIT_CONFIG';

/** Variables of the client commands: a shell that sets them may also start a gateway. */
const CLIENT_VARIABLES: ReadonlySet<string> = new Set([
  'MEDKIT_URL',
  'MEDKIT_TOKEN',
  'MEDKIT_TOKEN_FILE',
  'MEDKIT_CLIENT_ID',
]);

const KEYS = new Map<string, string>([
  ...[...newerVersionKeys].map((key) => [variableName(key), key] as const),
  ...SETTING_ROWS.map(([key, setting]) => [variableName(key, setting), key] as const),
]);

/** Reads settings from environment variables; an empty one counts as not set, as in ROS. */
export function readEnvironment(environment: Environment): SourceReading {
  const assignments: Assignment[] = [];
  const notices: Notice[] = [];
  for (const [variable, value] of Object.entries(environment)) {
    if (!value || variable === CONFIG_VARIABLE || CLIENT_VARIABLES.has(variable)) continue;
    const key = KEYS.get(variable);
    if (key !== undefined) assignments.push({ key, value: flowList(key, value, variable), origin: variable });
    else if (variable.startsWith('MEDKIT_')) {
      const nearest = nearestName(variable, KEYS.keys());
      const advice = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
      notices.push({ level: 'warning', text: `${variable}: no setting has this environment variable.${advice}` });
    }
  }
  return { assignments, notices };
}
