import { SovdError, type XMedkitCollection } from '@medkit/contract';
import type { CallContext, EntityRef, JsonValue, Sampler } from '@medkit/core';
import {
  type ConfigurationService,
  type DataService,
  type LogService,
  maskSecret,
  type OperationService,
} from '@medkit/entities';
import type { FaultService } from '@medkit/faults';
import type { ResourceSampler, Sampled } from './resource-sampler.ts';

export interface SampledServices {
  readonly data: Pick<DataService, 'assertItem' | 'read' | 'watch'>;
  readonly faults: Pick<FaultService, 'sample'>;
  readonly configurations: Pick<ConfigurationService, 'list'>;
  readonly logs: Pick<LogService, 'list'>;
  readonly operations: Pick<OperationService, 'list'>;
  /** Absent if updates are disabled. */
  readonly updates?: ResourceSampler;
}

/**
 * Returns the samplers of all collections that support subscriptions, by name: those of the services, and those of
 * `others`, whose names begin with `x-`.
 */
export function resourceSamplers(
  { data, faults, configurations, logs, operations, updates }: SampledServices,
  others: ReadonlyMap<string, Sampler> = new Map(),
): ReadonlyMap<string, ResourceSampler> {
  const builtIn: Readonly<Record<string, ResourceSampler>> = {
    data: dataSampler(data),
    faults: whole(({ kind, id }, call) => faults.sample(kind, id, call)),
    configurations: whole(async ({ kind, id }, call) => {
      const list = await configurations.list(kind, id, call);
      const parameters = list['x-medkit']?.parameters ?? [];
      // One read serves subscribers with different permissions, so secret values are always hidden.
      const masked = parameters.map((parameter) => maskSecret(parameter));
      return { items: masked.map(({ id, name, value, type }) => ({ id, name, value, type })), ...missing(list) };
    }),
    logs: whole(async ({ kind, id }, call) => itemsOf(await logs.list(kind, id, {}, call))),
    operations: whole(async ({ kind, id }, call) => itemsOf(await operations.list(kind, id, call))),
    ...(updates && { updates }),
  };
  const vendor = [...others].map(([name, sampler]) => [name, ofSampler(sampler)] as const);
  return new Map([...vendor, ...Object.entries(builtIn)]);
}

/** Samples a collection as a whole. The list is the body of a reply, and so is JSON. */
function whole(list: (entity: EntityRef, call: CallContext) => Promise<object>): ResourceSampler {
  return {
    path: 'none',
    sample: async (entity, _path, call) => ({ payload: (await list(entity, call)) as JsonValue }),
  };
}

function itemsOf<Item>({ items, ...list }: PartialList & { readonly items: readonly Item[] }) {
  return { items, ...missing(list) };
}

/** A list with its report of missing members. */
interface PartialList {
  readonly 'x-medkit'?: Pick<XMedkitCollection, 'partial' | 'failed_members'> | null;
}

/** Returns a list's report of missing members for an event; empty if the list is complete. */
function missing({ 'x-medkit': about }: PartialList): PartialList {
  return about?.partial && about.failed_members
    ? { 'x-medkit': { partial: true, failed_members: about.failed_members } }
    : {};
}

/**
 * Samples a data item. Its id in events is the path below `data`, with a leading slash even if the id itself has one.
 */
function dataSampler(data: SampledServices['data']): ResourceSampler {
  return {
    path: 'required',
    assertPath: (entity, path, call) => data.assertItem(entity, path, call),
    sample: async ({ kind, id }, path, call) => {
      const read = await data.read(kind, id, path, call);
      if (read.value === undefined) throw new SovdError({ code: 'x-medkit-ros2-topic-unavailable' });
      const atNs = read['x-medkit']?.timestamp;
      return { ...sampled(path, read.value as JsonValue), ...(typeof atNs === 'number' && { atNs }) };
    },
    watch: ({ kind, id }, path, onSampled, call) =>
      data.watch(
        kind,
        id,
        path,
        // As in `DataValue`, so that the two can be compared.
        ({ value, timestampNs }) => onSampled({ ...sampled(path, value), atNs: Number(timestampNs) }),
        call,
      ),
  };
}

function sampled(path: string, data: JsonValue): Pick<Sampled, 'payload' | 'lasting'> {
  return { payload: { id: `/${path}`, data }, lasting: data };
}

function ofSampler(sampler: Sampler): ResourceSampler {
  return {
    path: sampler.takesPath ? 'allowed' : 'none',
    sample: async (entity, path, call) => ({ payload: await sampler.sample(entity, path, call) }),
  };
}
