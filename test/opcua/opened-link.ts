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
  applicationUri: undefined,
  trustListPaths: [],
  rejectsUntrusted: true,
  refusedPath: undefined,
} as const satisfies PlcLinkOptions['security'];

/** A link that keeps what it was told. */
export interface OpenedLink {
  readonly link: PlcLink;
  readonly lost: LinkState[];
  readonly logged: string[];
  /** How many sessions have begun. */
  readonly sessions: PlcSession[];
  /** The session that is there, or comes. */
  session(): Promise<PlcSession>;
  /** Why there is none, once `pattern` says it. */
  problem(pattern: RegExp): Promise<string>;
}

/** Opens one, which the test has to stop. */
export function openLink(options: Partial<PlcLinkOptions> & Pick<PlcLinkOptions, 'endpointUrl'>): OpenedLink {
  const lost: LinkState[] = [];
  const logged: string[] = [];
  const sessions: PlcSession[] = [];
  const link = openPlcLink({
    security: OPEN,
    user: { mode: 'Anonymous' },
    clock: systemClock,
    random: systemRandom,
    log: (level, message) => void logged.push(`${level} ${message}`),
    ...options,
  });
  link.start({
    onSession: async (session) => void sessions.push(session),
    onLost: (state) => void lost.push(state),
  });
  return {
    link,
    lost,
    logged,
    sessions,
    session: () => eventually('a session', async () => link.state.connected && link.session),
    problem: (pattern) =>
      eventually(`the problem ${pattern}, found "${link.state.problem}"`, async () => {
        const { problem } = link.state;
        return problem !== undefined && pattern.test(problem) && problem;
      }),
  };
}
