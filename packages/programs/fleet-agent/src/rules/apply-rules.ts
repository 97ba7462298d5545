import { resourceUri } from '@medkit/client';
import type { ErrorLevel, ProtocolVersion, Reference, RobotError, RobotInformation } from '@medkit/vda5050';
import { entityPath } from '../entity-path.ts';
import { LOCAL_ORIGIN, type ReportedFault } from '../faults/reported-fault.ts';
import { defaultRules } from './default-rules.ts';
import { matchesFault } from './match-rule.ts';
import type { ReportSettings, Rule, RuleText } from './rule.ts';

/** Recipient of reports: its protocol version, and the address for links. */
export interface Recipient {
  readonly version: ProtocolVersion;
  /** Rules of the file. */
  readonly rules: readonly Rule[];
  /** Public address of the gateway without a trailing slash. */
  readonly publicUrl: string;
}

/** What is reported for a fault. */
export interface RuleResult {
  readonly error?: RobotError;
  readonly information?: RobotInformation;
  /** Whether it belongs to a safety function, so that fleet control cannot clear it. */
  readonly isSafety: boolean;
  /** The applied rules; the rule of the file comes first. */
  readonly applied: readonly Rule[];
}

/** Level for a rule that sends a fault without a default level. */
const LEAST_LEVEL: ErrorLevel = 'WARNING';

/** Applies the rules to a confirmed fault that is not a symptom. */
export function applyRules(fault: ReportedFault, audience: Recipient): RuleResult {
  const applied = [audience.rules, defaultRules()].flatMap(
    (rules) => rules.find(({ match }) => matchesFault(match, fault)) ?? [],
  );
  const reportSettings = Object.assign(
    {},
    ...applied.map((rule) => rule.reportSettings).toReversed(),
  ) as ReportSettings;
  const isSafety = reportSettings.safety ?? false;
  const send = reportSettings.send ?? 'errors';
  if (send === 'no') return { isSafety, applied };
  const description = reportSettings.description === undefined ? undefined : filled(reportSettings.description, fault);
  const common = {
    type: reportSettings.type ?? fault.code,
    references: referencesOf(fault, reportSettings, audience),
    ...descriptionOf(description?.text ?? fault.description),
  };
  if (send === 'information') return { information: { ...common, level: 'INFO' }, isSafety, applied };
  const hint = reportSettings.hint === undefined ? undefined : filled(reportSettings.hint, fault);
  const error: RobotError = {
    ...common,
    level: levelOf(reportSettings, audience.version),
    ...(description?.translations && { descriptionTranslations: description.translations }),
    ...(hint && { hint: hint.text }),
    ...(hint?.translations && { hintTranslations: hint.translations }),
  };
  return { error, isSafety, applied };
}

function levelOf({ level }: ReportSettings, version: ProtocolVersion): ErrorLevel {
  if (typeof level !== 'object') return level ?? LEAST_LEVEL;
  // 2.0.0 has the levels of 2.1.0.
  return level[version] ?? (version === '2.0.0' ? level['2.1.0'] : undefined) ?? LEAST_LEVEL;
}

const descriptionOf = (description: string) => (description === '' ? {} : { description });

/** Returns the link to the record of a fault. */
function faultUri({ entity, code }: ReportedFault, publicUrl: string): string | undefined {
  return entity && `${publicUrl}${resourceUri(entity, `faults/${encodeURIComponent(code)}`)}`;
}

function referencesOf(
  fault: ReportedFault,
  { type, references = [] }: ReportSettings,
  { publicUrl }: Recipient,
): readonly Reference[] {
  const { entity, origin, sources, sinceS, asOf } = fault;
  const defaults: readonly (readonly [string, string | undefined])[] = [
    entity ? ['entityId', entity.id] : ['source', sources[0]],
    // Several faults of an entity may have the same type by rule.
    ['faultCode', type === undefined || type === fault.code ? undefined : fault.code],
    ['origin', origin === LOCAL_ORIGIN ? undefined : origin],
    ['sovdUri', faultUri(fault, publicUrl)],
    ['since', sinceS === undefined ? undefined : new Date(sinceS * 1000).toISOString()],
    ['asOf', asOf],
  ];
  return [...defaults.flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }])), ...references];
}

function filled({ text, translations }: RuleText, fault: ReportedFault): RuleText {
  const values: Readonly<Record<string, string>> = {
    description: fault.description,
    code: fault.code,
    entity: fault.entity ? entityPath(fault.entity) : (fault.sources[0] ?? ''),
  };
  const fill = (text: string) =>
    text.replaceAll(/\{(description|code|entity)\}/g, (_hole, name: string) => values[name] ?? '');
  if (translations === undefined) return { text: fill(text) };
  const inAll = Object.entries(translations).map(([language, text]) => [language, fill(text)] as const);
  return { text: fill(text), translations: Object.fromEntries(inAll) };
}
