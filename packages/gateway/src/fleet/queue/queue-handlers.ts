import { API_BASE, SovdError } from '@medkit/contract';
import { type FleetRequests, type FleetView, NotQueueable, permissionOf } from '@medkit/fleet';
import { Answer, done } from '../../http/answer.ts';
import type { Exchange } from '../../http/exchange.ts';
import { answered, filtersOf, pageOf, textsOf } from '../fleet-replies.ts';
import type { FleetHandlers } from '../without-fleet.ts';
import type { QueueRights } from './may-act.ts';

type QueueHandlers = Pick<
  FleetHandlers,
  | 'cancelFleetQueuedRequest'
  | 'getFleetQueuedRequest'
  | 'listFleetQueue'
  | 'listFleetQueuedRequests'
  | 'queueFleetRequest'
>;

/** Returns the path of the queue of a robot. */
export const queueOf = (robot: string): string => `/x-medkit-fleet/robots/${encodeURIComponent(robot)}/queue`;

/** The handlers of queued requests. */
export function queueHandlers(
  fleetOf: (view: FleetView | undefined) => Pick<FleetRequests, 'queue'>,
  rights: Pick<QueueRights, 'check' | 'checkAccount'>,
): QueueHandlers {
  return {
    listFleetQueuedRequests: async ({ query, view }) =>
      pageOf(
        await answered(() =>
          fleetOf(view).queue.listAll({ ...filtersOf(query), ...textsOf(query, ['robot', 'state']) }),
        ),
      ),
    listFleetQueue: async ({ path, query, view }) =>
      pageOf(
        await answered(() =>
          fleetOf(view).queue.list(robotIn(path), { ...filtersOf(query), ...textsOf(query, ['state']) }),
        ),
      ),
    queueFleetRequest: async ({ path, body, principal, note, view }) => {
      const { queue } = fleetOf(view);
      const [robot, request] = [robotIn(path), body!];
      note({ robot, queued: `${request.method} ${request.path}` });
      const permission = await queueable(() => answered(() => queue.needs(robot, request)));
      await rights.check(principal, robot, permission);
      rights.checkAccount(principal);
      const added = await queueable(() => answered(() => queue.add(robot, request, principal.id)));
      return new Answer(202, added, { Location: `${API_BASE}${queueOf(robot)}/${added.id}` });
    },
    getFleetQueuedRequest: ({ path, view }) =>
      answered(() => fleetOf(view).queue.read(robotIn(path), path['queued'] ?? '')),
    cancelFleetQueuedRequest: async ({ path, principal, note, view }) => {
      const { queue } = fleetOf(view);
      const [robot, id] = [robotIn(path), path['queued'] ?? ''];
      const request = await answered(() => queue.read(robot, id));
      note({ robot, queued: `${request.method} ${request.path}` });
      await rights.check(principal, robot, await queueable(async () => permissionOf(request)));
      await answered(() => queue.cancel(robot, id));
      return done();
    },
  };
}

/** Converts the refusal of a request that cannot be queued. */
async function queueable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NotQueueable)) throw error;
    const { message, permission } = error;
    const parameters = permission === undefined ? {} : { permission };
    throw new SovdError({ code: 'x-medkit-not-queueable', message, parameters });
  }
}

const robotIn = (path: Exchange['path']): string => path['robot'] ?? '';
