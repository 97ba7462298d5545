import type { LifecycleAction, LifecycleStatusResponse } from '@medkit/contract';
import { colorize } from '../terminal/colorize.ts';
import { plainLine } from '../terminal/display-width.ts';

/** Actions of the contract. Importing the list from the contract would load every schema. */
const ACTIONS = [
  'start',
  'restart',
  'force-restart',
  'shutdown',
  'force-shutdown',
] as const satisfies readonly LifecycleAction[];

/** The status of an entity as text. */
export function statusLines(status: LifecycleStatusResponse): readonly string[] {
  const about = status['x-medkit'];
  const state = about?.state ? `   ${plainLine(about.state)}` : '';
  const possible = ACTIONS.filter((action) => status[action]);
  const last = about?.last_transition;
  return [
    `${colorize(status.status, status.status === 'ready' ? 'green' : 'red')}${state}`,
    ...(possible.length > 0 ? [`  available transitions: ${possible.join(', ')}`] : []),
    ...(last
      ? [
          `  last: ${last.action} ${last.outcome === 'unknown' ? 'outcome unknown' : last.outcome}${last.message ? `: ${plainLine(last.message)}` : ''}`,
        ]
      : []),
    ...(about?.warnings ?? []).map((warning) => `  ${colorize('warning:', 'yellow')} ${plainLine(warning)}`),
  ];
}
