import type { Client, EntityRef, Reply } from '@medkit/client';
import type { LifecycleStatusResponse } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { waitUnlessAborted } from '../command/stop-signal.ts';
import { findEntity } from '../remote/find-entity.ts';
import { type CommandOption, remoteCommand } from '../remote/remote-command.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { statusLines } from './status-lines.ts';

const LOOK_EVERY_MS = 200;
/** Maximum wait, longer than any gateway allows for a transition. */
const WITHIN_MS = 60_000;

const ROUTES = {
  start: { usual: 'putStatusStart', byForce: undefined },
  restart: { usual: 'putStatusRestart', byForce: 'putStatusForceRestart' },
  shutdown: { usual: 'putStatusShutdown', byForce: 'putStatusForceShutdown' },
} as const;
type Action = keyof typeof ROUTES;
type Entity = EntityRef<'app' | 'component'>;

const ABOUT: Readonly<Record<Action, string>> = {
  start: 'Starts an app: configures and activates a managed node.',
  restart: 'Restarts an app: shuts a managed node down, then starts it.',
  shutdown: 'Shuts an app down: deactivates and cleans up a managed node, which can be started again.',
};
const FORCE: Readonly<Record<Action, Readonly<Record<string, CommandOption>>>> = {
  start: {},
  restart: { force: { about: 'continue if the node fails to deactivate or to clean up' } },
  shutdown: { force: { about: 'final shutdown: only a new process can start the app again' } },
};

/** `medkit start`, `restart`, `shutdown`: starts a transition and waits for its result. */
function transitionCommand(action: Action) {
  return remoteCommand({
    usage: `${action} <entity>`,
    about: [`${ABOUT[action]} Waits at most ${WITHIN_MS / 1000} s for the result.`],
    options: FORCE[action],
    examples: [[`${action} camera_driver`, 'wait for the transition of a managed node']],
    async run({ client, args: [word], values, json }) {
      const entity = await findEntity(client, word, ['app', 'component']);
      const { usual, byForce } = ROUTES[action];
      await client.call(values.force && byForce ? byForce : usual, { entity });
      const { text, value } = await ended(client, entity);
      if (json) console.log(text);
      else for (const line of statusLines(value)) console.log(line);
      const outcome = value['x-medkit']?.last_transition?.outcome;
      return outcome === 'failed' || outcome === 'unknown' ? ExitCode.endedBadly : ExitCode.ok;
    },
  });
}

async function ended(client: Client, entity: Entity): Promise<Reply<LifecycleStatusResponse>> {
  const progress = progressLine();
  const late = AbortSignal.timeout(WITHIN_MS);
  try {
    do {
      const reply = await client.ask('getStatus', { entity });
      const transition = reply.value['x-medkit']?.last_transition;
      if (transition?.outcome !== 'running') return reply;
      progress.show(`${transition.action}: ${transition.step ?? 'started'}`);
    } while (await waitUnlessAborted(LOOK_EVERY_MS, late));
  } finally {
    progress.clear();
  }
  throw new CommandFailed(
    `the transition of ${entity.id} did not finish within ${WITHIN_MS / 1000} s: check it with \`status ${entity.id}\``,
    ExitCode.endedBadly,
  );
}

export const start = transitionCommand('start');
export const restart = transitionCommand('restart');
export const shutdown = transitionCommand('shutdown');
