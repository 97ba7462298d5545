import { systemClock, systemRandom } from '@medkit/edges/node';
import { openPlcLink } from '../../packages/plugins/opcua/src/session/open-plc-link.ts';
import type { LinkState, PlcLink } from '../../packages/plugins/opcua/src/session/plc-link.ts';
import type { PlcSession } from '../../packages/plugins/opcua/src/session/plc-session.ts';
import type { PlcLinkOptions } from '../../packages/plugins/opcua/src/session/session-options.ts';
import { eventually } from '../harness/eventually.ts';

/** Secured in no way, as a lab is. */
export const OPEN = {
  policy: 'None',
  mode: 'None',
  certificatePath: undefined,
  keyPath: undefined,
  keyPassphrasePath: undefined,
  applicationUri: undefined,
  trustListPaths: [],
  rejectsUntrusted: true,
  refusedPath: undefined,
} as const satisfies PlcLinkOptions['security'];

/** A link that counts what it was told: a storm has thousands of sessions, which are not to be held by the test. */
export interface OpenedLink {
  readonly link: PlcLink;
  /** How many sessions have begun. */
  readonly sessions: number;
  /** How often the link was lost, or did not come about. */
  readonly losses: number;
  /** What was said of it last. */
  readonly lastLoss: LinkState | undefined;
  /** The session that is there, or comes. */
  session(): Promise<PlcSession>;
  /** Why there is none, once `pattern` says it. */
  problem(pattern: RegExp): Promise<string>;
}

/** Opens one, which the test has to stop. */
export function openLink(options: Partial<PlcLinkOptions> & Pick<PlcLinkOptions, 'endpointUrl'>): OpenedLink {
  let sessions = 0;
  let losses = 0;
  let lastLoss: LinkState | undefined;
  const link = openPlcLink({
    security: OPEN,
    user: { mode: 'Anonymous' },
    clock: systemClock,
    random: systemRandom,
    log: () => undefined,
    ...options,
  });
  link.start({
    onSession: async () => void sessions++,
    onLost: (state) => {
      losses++;
      lastLoss = state;
    },
  });
  return {
    link,
    get sessions() {
      return sessions;
    },
    get losses() {
      return losses;
    },
    get lastLoss() {
      return lastLoss;
    },
    session: () => eventually('a session', async () => link.state.connected && link.session),
    problem: (pattern) =>
      eventually(`the problem ${pattern}, found "${link.state.problem}"`, async () => {
        const { problem } = link.state;
        return problem !== undefined && pattern.test(problem) && problem;
      }),
  };
}
