import { isDeepStrictEqual } from 'node:util';
import { nearestName } from '@medkit/documents';
import { type Assignment, ConfigRefused, type Notice } from './assignment.ts';
import type { GatewayConfig } from './gateway-config.ts';
import { HUB_SETTINGS } from './hub-settings.ts';
import type { ReceiverRow } from './receiver-settings.ts';
import type { Setting } from './setting.ts';
import { validateValue } from './validate-value.ts';

/** The settings of one hub. */
export type HubSettings = GatewayConfig['hub'];
type HubOption = keyof HubSettings;

/** As many as a robot can be enrolled at. */
const MAX_HUB_SECTIONS = 2;
/** Options of the robot: each section may set them, to one value. */
const OF_ROBOT: readonly HubOption[] = ['audit', 'invitation_file', 'log_mb', 'queueable', 'serial'];
const ROWS = Object.entries(HUB_SETTINGS).map(
  ([key, setting]) => [key.slice('hub.'.length) as HubOption, setting as Setting] as const,
);

/** Returns whether a key belongs to a hub of a list, such as `hub.0.role`. */
export const isHubKey = (key: string): boolean => /^hub\.\d+\./.test(key);

/** The settings of a hub that no source sets. */
export const HUB_DEFAULTS = Object.fromEntries(
  ROWS.map(([option, setting]) => [option, setting.default]),
) as unknown as HubSettings;

export interface HubListReading {
  /** The settings of each hub; empty if `hub` is not a list. */
  readonly hubs: readonly HubSettings[];
  /** Values of the robot by the key of their setting, such as `hub.log_mb`, with their origin. */
  readonly ofRobot: ReadonlyMap<string, { readonly value: unknown; readonly origin: string }>;
  /** The effective settings, for display. */
  readonly rows: readonly ReceiverRow[];
  readonly notices: readonly Notice[];
  readonly refusals: readonly string[];
}

/**
 * Reads the settings of a list of hubs; of several assignments of a key, the last one applies. Refuses sections without a
 * name, values of the robot that differ, and settings of one hub outside of the list: they would be for none.
 * @param outside assignments of the settings `hub.…` without a number
 */
export function readHubList(
  assignments: readonly Assignment[],
  outside: ReadonlyMap<string, Assignment>,
): HubListReading {
  const last = new Map(assignments.map((assignment) => [assignment.key, assignment] as const));
  const sections = Map.groupBy(last.values(), ({ key }) => key.split('.')[1] as string);
  const [notices, refusals]: [Notice[], string[]] = [[], []];
  const ofRobot = new Map<string, { readonly value: unknown; readonly origin: string }>();
  const hubs = [...sections].map(([number, section]) => {
    const values: Record<string, unknown> = { ...HUB_DEFAULTS };
    for (const assignment of section) {
      const option = assignment.key.slice(`hub.${number}.`.length) as HubOption;
      const setting = ROWS.find(([name]) => name === option)?.[1];
      if (!setting) {
        notices.push(unknownOption(assignment, option));
        continue;
      }
      try {
        const { value, notice } = validateValue(setting, assignment);
        values[option] = value;
        if (notice) notices.push(notice);
        if (!OF_ROBOT.includes(option)) continue;
        const other = ofRobot.get(`hub.${option}`);
        if (other && !isDeepStrictEqual(other.value, value)) refusals.push(contradiction(assignment, other));
        ofRobot.set(`hub.${option}`, { value, origin: assignment.origin });
      } catch (error) {
        if (!(error instanceof ConfigRefused)) throw error;
        refusals.push(...error.lines);
      }
    }
    if (values['name'] === '')
      refusals.push(`hub.${number}: a section of the list needs the name of its hub (${section[0].origin})`);
    return values as unknown as HubSettings;
  });
  const names = hubs.map(({ name }) => name);
  if (hubs.length > MAX_HUB_SECTIONS) refusals.push(`hub: ${hubs.length} sections, the maximum is ${MAX_HUB_SECTIONS}`);
  else if (new Set(names).size < names.length) refusals.push(`hub: two sections are for ${names[0]}: remove one`);
  for (const { key, origin } of hubs.length > 0 ? outside.values() : []) {
    if (!OF_ROBOT.some((option) => key === `hub.${option}`)) {
      refusals.push(
        `${key} is for none of the hubs of the list: set it as hub.0.${key.slice('hub.'.length)} (${origin})`,
      );
    }
  }
  return { hubs, ofRobot, rows: rowsOf(last.values()), notices, refusals };
}

const contradiction = (
  { key, value, origin }: Assignment,
  other: { readonly value: unknown; readonly origin: string },
) =>
  `${key}: ${value} contradicts ${other.value} (${other.origin}): it is a setting of the robot, set it once (${origin})`;

function unknownOption({ key, origin }: Assignment, option: string): Notice {
  const nearest = nearestName(
    option,
    ROWS.map(([name]) => name),
  );
  const advice = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return { level: 'warning', text: `${key}: a hub has no such setting (${origin}).${advice}` };
}

const rowsOf = (assignments: Iterable<Assignment>): readonly ReceiverRow[] =>
  [...assignments].flatMap(({ key, value, origin }) => {
    const setting = ROWS.find(([option]) => key.endsWith(`.${option}`))?.[1];
    return value === null || !setting ? [] : [{ key, value, origin, about: setting.about }];
  });
