import { readYaml } from '@medkit/documents';
import { Section } from '../section.ts';
import { readRules } from './read-rules.ts';
import type { Rule } from './rule.ts';

/** Default rules in the format of a file, applied after its rules. `medkit vda5050 defaults` prints them. */
export const DEFAULT_RULES = `# How faults are sent to a fleet. The first rule of the agent file that matches a fault applies; what it does not set
# comes from the first matching rule here. Levels are those of VDA 5050 3.0.0: 2.1.0 has WARNING for WARNING and URGENT,
# and FATAL for CRITICAL and FATAL. \`send: no\` keeps a fault from the fleet.
rules:
  # The robot stops, and continues automatically.
  - code: PROTECTIVE_STOP
    level: CRITICAL
    safety: true
    hint:
      en: Clear the protective field of the robot. The robot continues automatically.
      de: Schutzfeld des Roboters freimachen. Er fährt von selbst weiter.
  # The robot has aborted its task.
  - code: "*_ABORTED"
    level: CRITICAL
  - severity: critical
    level: FATAL
  - severity: error
    level: URGENT
  - severity: warning
    level: WARNING
  - severity: info
    send: information
`;

let read: readonly Rule[] | undefined;

/** Returns the default rules, parsed once. */
export function defaultRules(): readonly Rule[] {
  read ??= readDefaults();
  return read;
}

function readDefaults(): readonly Rule[] {
  const problems: string[] = [];
  const document = readYaml(DEFAULT_RULES, 'default rules');
  if (document.kind !== 'map') throw new TypeError('the default rules are no section');
  const rules = readRules(new Section(document, '', problems));
  if (problems.length > 0) throw new TypeError(problems.join('\n'));
  return rules;
}
