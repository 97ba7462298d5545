import {
  type CallContext,
  type JsonValue,
  type Log,
  type OperationRequest,
  ownerOf,
  reserveQuota,
  type ServiceCallEnd,
  type ServiceCallOutcome,
} from '@medkit/core';
import { type Clock, Quota, type QuotaFigures } from '@medkit/edges';
import type { LocalNode, RosAdapter, ServiceClient } from '@medkit/ros2';
import { CallTimeout, MalformedMessage, UnknownType } from '@medkit/ros2';
import { callFailure, hasUnknownOutcome, outcomeUnknown, typeUnknown } from '../call-failure.ts';
import { ClientPool } from '../calls/client-pool.ts';
import { timeLeftMs } from '../calls/time-left.ts';
import type { OperationTypes } from './operation-types.ts';
import type { RosOperation } from './ros-operation.ts';

/**
 * Maximum concurrent calls of a service. A ROS service has a history of ten requests: its server would silently lose an
 * eleventh, and calls must not pile up at an unresponsive one.
 */
const MAX_CALLS_PER_SERVICE = 10;
/** Maximum clients that stay open for the next call. */
const MAX_CLIENTS = 128;
/** Idle time after which a client is closed. */
const IDLE_MS = 60_000;

export interface ServiceCallsOptions {
  readonly node: Pick<LocalNode, 'client'>;
  readonly adapter: Pick<RosAdapter, 'decode'>;
  readonly types: OperationTypes;
  /** Returns the GIDs of the endpoints by which a node offers a service. */
  readonly serversAt: (fqn: string, service: string) => readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  /** `service_call_timeout_sec` in milliseconds. */
  readonly callTimeoutMs: number;
  /** Called with the result of every call. */
  readonly ended: (call: ServiceCallEnd) => void;
}

/** Calls the services of the graph. Converts messages from and to JSON; 64-bit integers stay exact. */
export class ServiceCalls {
  readonly #options: ServiceCallsOptions;
  readonly #clients: ClientPool<ServiceClient>;
  /** Running calls of each service, by client. */
  readonly #underWay = new Map<string, Quota>();
  #refused = 0;

  constructor(options: ServiceCallsOptions) {
    this.#options = options;
    const { node, clock, log } = options;
    this.#clients = new ClientPool({
      open: (key) => {
        const [service = '', type] = key.split(' ');
        return node.client(service, type);
      },
      clock,
      log,
      maxClients: MAX_CLIENTS,
      idleMs: IDLE_MS,
    });
  }

  /**
   * Returns the response. Throws `invalid-request` with the invalid field, `x-medkit-ros2-service-unavailable` if
   * nothing was sent, `x-medkit-outcome-unknown` if the service may have been executed.
   */
  async call(operation: RosOperation, { parameters }: OperationRequest, call: CallContext): Promise<JsonValue> {
    const { name, type, sharedBy } = operation;
    const { adapter, types, serversAt, clock, callTimeoutMs, ended } = this.#options;
    const beganMs = clock.monotonicMs();
    const end = (outcome: ServiceCallOutcome): void => ended({ outcome, durationMs: clock.monotonicMs() - beganMs });
    let isSent = false;
    try {
      const request = await types.encode(`${type}_Request`, parameters);
      // Checked before sending: if the answer cannot be decoded, the result of the call would be unknown.
      await types.requireKnown(`${type}_Response`);
      const response = await this.#bounded(name, ownerOf(call), () =>
        this.#clients.use(`${name} ${type}`, (client) => {
          isSent = true;
          return client.callSerialised(request, {
            timeoutMs: timeLeftMs(clock, call.deadlineMs, callTimeoutMs),
            signal: call.signal,
            ...(sharedBy !== undefined && { servers: serversAt(sharedBy, name) }),
          });
        }),
      );
      const answer = await adapter.decode(`${type}_Response`, response);
      if (answer === undefined) throw new MalformedMessage(`medkit no longer has a definition of ${type}`);
      end('ok');
      return answer;
    } catch (error) {
      end(isSent ? (error instanceof CallTimeout ? 'timeout' : 'error') : 'refused');
      if (error instanceof UnknownType) throw typeUnknown(operation);
      if (hasUnknownOutcome(error)) throw outcomeUnknown(error, `${name} was called`, { service: name });
      throw callFailure(error, { code: 'x-medkit-ros2-service-unavailable', parameters: { service: name } });
    }
  }

  /** Counts of the service with the most running calls. */
  figures(): QuotaFigures {
    return Quota.fullest(this.#underWay.values(), MAX_CALLS_PER_SERVICE, this.#refused);
  }

  close(): Promise<void> {
    return this.#clients.close();
  }

  async #bounded<T>(service: string, owner: string | undefined, work: () => Promise<T>): Promise<T> {
    const underWay = this.#underWay.get(service) ?? new Quota(MAX_CALLS_PER_SERVICE);
    if (!underWay.admits(owner)) this.#refused += 1;
    const what = `calls of ${service} to answer`;
    reserveQuota(underWay, owner, { what, remedy: 'try again later', parameter: 'in_flight' });
    this.#underWay.set(service, underWay);
    try {
      return await work();
    } finally {
      underWay.release(owner);
      if (underWay.total === 0) this.#underWay.delete(service);
    }
  }
}
