import type { DataListResult, DataValue, EntityKind } from '@medkit/contract';
import type { CallContext, DataSample, DataWatch, Entity, Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { entityOf } from '../discovery/lookup.ts';
import { about, errorsAbout } from '../members/about.ts';
import { nobodyTold } from '../members/gather.ts';
import { ownersOf } from '../members/owners.ts';
import { type DataCategory, type DataGroup, dataCategories, dataGroups, type GroupList } from './data-groups.ts';
import { dataList } from './data-list.ts';
import { type DataOwner, type GatheredData, gatherData } from './data-owner.ts';
import { readValue, writtenValue } from './data-value.ts';
import { type DataTarget, targetOf } from './target.ts';
import { dataWriteOf } from './write-body.ts';

/** The data of entities, whatever runtime it comes from. Every call throws `SovdError`. */
export interface DataService {
  list(kind: EntityKind, id: string, call: CallContext): Promise<DataListResult>;
  /** `dataId` as the client wrote it, percent-decoded: with or without its leading slash, or `member:id`. */
  read(kind: EntityKind, id: string, dataId: string, call: CallContext): Promise<DataValue>;
  /** `body` is the request's JSON, `undefined` where it had none. */
  write(kind: EntityKind, id: string, dataId: string, body: unknown, call: CallContext): Promise<DataValue>;
  /** As `DataProvider.watch`; `undefined` where whoever has the item can only be asked for it. */
  watch(
    kind: EntityKind,
    id: string,
    dataId: string,
    onSample: (sample: DataSample) => void | Promise<void>,
    call: CallContext,
  ): Promise<DataWatch | undefined>;
  categories(kind: EntityKind, id: string, call: CallContext): Promise<GroupList<DataCategory>>;
  groups(kind: EntityKind, id: string, call: CallContext): Promise<GroupList<DataGroup>>;
}

export interface DataServiceOptions {
  readonly model: Model;
  readonly clock: Clock;
}

/** The data service of a gateway. */
export function createDataService({ model, clock }: DataServiceOptions): DataService {
  const gather = async (entity: Entity, call: CallContext): Promise<[readonly DataOwner[], GatheredData]> => {
    const owners = ownersOf(model, entity, 'data');
    const gathered = await gatherData(owners, call);
    const mute = nobodyTold(gathered, owners);
    if (mute) throw about(mute.error, { entity_id: entity.id });
    return [owners, gathered];
  };

  const withTarget = <T>(
    entity: Entity,
    dataId: string,
    call: CallContext,
    work: (target: DataTarget) => Promise<T>,
  ): Promise<T> =>
    errorsAbout({ entity_id: entity.id, topic_name: dataId }, async () => {
      const target = targetOf({ model, clock, entity, dataId, call });
      return work(target instanceof Promise ? await target : target);
    });

  return {
    list: async (kind, id, call) => {
      const { tree } = model;
      const entity = entityOf(tree, kind, id);
      const [owners, gathered] = await gather(entity, call);
      return dataList({ tree, entity, owners, gathered });
    },
    read: async (kind, id, dataId, call) => {
      const entity = entityOf(model.tree, kind, id);
      return withTarget(entity, dataId, call, async ({ owner, itemId, memberId }) => {
        const reading = await owner.provider.read(owner.nativeId, itemId, call);
        return readValue(entity, qualified(reading.id, memberId), reading);
      });
    },
    write: async (kind, id, dataId, body, call) => {
      const entity = entityOf(model.tree, kind, id);
      const write = dataWriteOf(body);
      return withTarget(entity, dataId, call, async ({ owner, itemId, memberId }) => {
        const written = await owner.provider.write(owner.nativeId, itemId, write, call);
        return writtenValue(entity, qualified(written.id, memberId), written);
      });
    },
    watch: async (kind, id, dataId, onSample, call) => {
      const entity = entityOf(model.tree, kind, id);
      return withTarget(entity, dataId, call, async ({ owner, itemId }) =>
        owner.provider.watch?.(owner.nativeId, itemId, onSample, call),
      );
    },
    categories: async (kind, id, call) => {
      const entity = entityOf(model.tree, kind, id);
      const [, { entries }] = await gather(entity, call);
      return dataCategories(entity, entries);
    },
    groups: async (kind, id, call) => {
      const entity = entityOf(model.tree, kind, id);
      const [, { entries }] = await gather(entity, call);
      return dataGroups(entity, entries);
    },
  };
}

function qualified(id: string, memberId: string | undefined): string {
  return memberId === undefined ? id : `${memberId}:${id}`;
}
