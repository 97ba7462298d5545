import { type DataHistory, type DataListResult, type DataValue, type EntityKind, SovdError } from '@medkit/contract';
import type { CallContext, DataPicture, DataReading, DataSample, DataWatch, Entity, EntityRef } from '@medkit/core';
import { entityOf } from '../discovery/lookup.ts';
import { LIST, totalFailure } from '../members/ask.ts';
import { errorsWith, withParameters } from '../members/error-parameters.ts';
import { entitiesAt, ownersOf } from '../members/owners.ts';
import { type DataCategory, type DataGroup, dataCategories, dataGroups, type GroupList } from './data-groups.ts';
import { dataHistory, parseHistoryRequest } from './data-history.ts';
import { dataList } from './data-list.ts';
import { type DataOwner, type GatheredData, gatherData } from './data-owner.ts';
import { noImage, parsePictureWidth } from './data-picture.ts';
import { readValue, writtenValue } from './data-value.ts';
import { type DataTarget, type NamedDataOptions, type NameIs, namedData } from './named-data.ts';
import { dataWriteOf } from './write-body.ts';

/** The data of entities of any runtime. Every call throws `SovdError`. */
export interface DataService {
  list(kind: EntityKind, id: string, call: CallContext): Promise<DataListResult>;
  /** `dataId` as the client wrote it, percent-decoded: with or without its leading slash, or `member:id`. */
  read(kind: EntityKind, id: string, dataId: string, call: CallContext): Promise<DataValue>;
  /** Reads an item like `read`, but returns the reading of its owner unchanged. */
  reading(kind: EntityKind, id: string, dataId: string, call: CallContext): Promise<DataReading>;
  /**
   * Returns the newest value of an item that is an image. `width` is the unparsed query parameter. Throws
   * `precondition-not-fulfilled` if the item is not an image.
   */
  picture(
    kind: EntityKind,
    id: string,
    dataId: string,
    width: string | undefined,
    call: CallContext,
  ): Promise<DataPicture>;
  /** `body` is the JSON of the request, `undefined` if it had none. */
  write(kind: EntityKind, id: string, dataId: string, body: unknown, call: CallContext): Promise<DataValue>;
  /**
   * Throws `resource-not-found`, with the nearest name, if no owner has the item and so it would never have a value.
   * Throws `invalid-request` if several items end with the name. An owner that cannot answer now, such as an offline
   * node, counts as having it.
   */
  assertItem(entity: EntityRef, dataId: string, call: CallContext): Promise<void>;
  /** Returns all other entities that a write to the item affects, for example every node that uses a channel. */
  holders(kind: EntityKind, id: string, dataId: string, call: CallContext): Promise<readonly Entity[]>;
  /** Watches an item like `DataProvider.watch`. Returns `undefined` if its owner supports only polling. */
  watch(
    kind: EntityKind,
    id: string,
    dataId: string,
    onSample: (sample: DataSample) => void | Promise<void>,
    call: CallContext,
  ): Promise<DataWatch | undefined>;
  /**
   * Returns the last seconds of an item if a buffer already holds them. `query` holds the unparsed query parameters.
   */
  history(
    kind: EntityKind,
    id: string,
    dataId: string,
    query: Readonly<Record<string, string | undefined>>,
    call: CallContext,
  ): Promise<DataHistory>;
  categories(kind: EntityKind, id: string, call: CallContext): Promise<GroupList<DataCategory>>;
  groups(kind: EntityKind, id: string, call: CallContext): Promise<GroupList<DataGroup>>;
}

export type DataServiceOptions = Pick<NamedDataOptions, 'model' | 'clock'> & Partial<NamedDataOptions>;

/** Creates the data service of a gateway. */
export function createDataService({ model, clock, waitMs = 0, foreignItems = false }: DataServiceOptions): DataService {
  const names = namedData({ model, clock, waitMs, foreignItems });

  const gather = async (requested: Entity, call: CallContext): Promise<[readonly DataOwner[], GatheredData]> => {
    let result: [readonly DataOwner[], GatheredData] = [[], { entries: [], silent: [] }];
    await names.patiently(requested, call, async (entity) => {
      const owners = ownersOf(model, entity, 'data');
      const gathered = await gatherData({ owners, clock, call, budget: LIST });
      const mute = totalFailure(gathered, owners);
      if (mute) throw withParameters(mute.error, { entity_id: entity.id });
      result = [owners, gathered];
      return gathered.entries.length > 0 ? gathered : undefined;
    });
    return result;
  };

  const withTarget = <T>(
    entity: Entity,
    dataId: string,
    call: CallContext,
    work: (target: DataTarget) => Promise<T>,
    as?: NameIs,
  ): Promise<T> =>
    errorsWith({ entity_id: entity.id, topic_name: dataId }, () => names.use(entity, dataId, call, work, as));

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
    reading: async (kind, id, dataId, call) => {
      const entity = entityOf(model.tree, kind, id);
      return withTarget(entity, dataId, call, ({ owner, itemId }) => owner.provider.read(owner.nativeId, itemId, call));
    },
    picture: async (kind, id, dataId, width, call) => {
      const entity = entityOf(model.tree, kind, id);
      const maxWidth = parsePictureWidth(width);
      return withTarget(entity, dataId, call, async ({ owner, itemId }) => {
        const picture = await owner.provider.picture?.(owner.nativeId, itemId, maxWidth, call);
        if (!picture) throw noImage(itemId);
        return picture;
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
    assertItem: async ({ kind, id }, dataId, call) => {
      const entity = entityOf(model.tree, kind, id);
      if (ownersOf(model, entity, 'data').length === 0) return;
      try {
        await errorsWith({ entity_id: entity.id, topic_name: dataId }, () =>
          names.assertResolvable(entity, dataId, call),
        );
      } catch (error) {
        if (!(error instanceof SovdError) || ['resource-not-found', 'invalid-request'].includes(error.code))
          throw error;
      }
    },
    holders: async (kind, id, dataId, call) => {
      const entity = entityOf(model.tree, kind, id);
      const { owner, itemId } = await withTarget(entity, dataId, call, async (target) => target, 'listed');
      const nativeIds = (await owner.provider.holders?.(owner.nativeId, itemId, call)) ?? [owner.nativeId];
      return nativeIds.flatMap((nativeId) => entitiesAt(model.tree, owner.runtime, nativeId));
    },
    watch: async (kind, id, dataId, onSample, call) => {
      const entity = entityOf(model.tree, kind, id);
      const watch = async ({ owner, itemId }: DataTarget) =>
        owner.provider.watch?.(owner.nativeId, itemId, onSample, call);
      return withTarget(entity, dataId, call, watch, 'listed');
    },
    history: async (kind, id, dataId, query, call) => {
      const entity = entityOf(model.tree, kind, id);
      const wish = parseHistoryRequest(query);
      const read = (target: DataTarget) => dataHistory({ model, clock }, entity, target, wish, call);
      return withTarget(entity, dataId, call, read, 'listed');
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
