import { systemClock, systemRandom } from '@medkit/edges/node';
import type { LinkState, PlcLink } from '../../packages/wire/opcua/src/plc-link.ts';
import type { PlcSession } from '../../packages/wire/opcua/src/plc-session.ts';
import { openPlcLink } from '../../packages/wire/opcua/src/session/open-plc-link.ts';
import type { PlcLinkOptions } from '../../packages/wire/opcua/src/session/session-options.ts';
import { eventually } from '../harness/eventually.ts';

/** No security, as in a lab. */
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

/** A link that counts events: a storm has thousands of sessions, which the test must not retain. */
export interface OpenedLink {
  readonly link: PlcLink;
  /** Number of sessions that have begun. */
  readonly sessions: number;
  /** How often the link was lost or could not be established. */
  readonly losses: number;
  /** The last reported loss. */
  readonly lastLoss: LinkState | undefined;
  /** Returns the current session, or waits for the next. */
  session(): Promise<PlcSession>;
  /** Returns the reason why there is no session, once it matches `pattern`. */
  problem(pattern: RegExp): Promise<string>;
}

/** Opens a link, which the test has to stop. */
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
