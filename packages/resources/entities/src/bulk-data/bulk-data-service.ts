import {
  type BulkDataCategoryList,
  type BulkDataDescriptor,
  type BulkDataDescriptorList,
  type EntityKind,
  SovdError,
} from '@medkit/contract';
import {
  type CallContext,
  type Entity,
  type EntityTree,
  isLocal,
  type Model,
  ownerOf,
  quotaBlock,
  type RuntimeHealth,
  reserveQuota,
} from '@medkit/core';
import { Quota } from '@medkit/edges';
import { entityOf } from '../discovery/lookup.ts';
import { notServed } from '../members/ownership.ts';
import { type BulkDataFile, noSuchItem } from './bulk-data-file.ts';
import type { BulkDataStore, Shelf } from './bulk-data-store.ts';
import { categoriesOf, EVIDENCE_CATEGORIES, type EvidenceCategory, isEvidence } from './category.ts';
import type { EvidenceFiles } from './evidence-files.ts';
import { descriptorOf, isItemId, type StoredItem } from './stored-item.ts';
import { readUpload, type UploadPart } from './upload.ts';

/**
 * The files of entities: uploads and fault evidence. Every call throws `SovdError`. With `visible`, the entities that
 * the client sees, calls have no fault evidence: it contains values of all entities.
 */
export interface BulkDataService {
  categories(kind: EntityKind, id: string, visible?: EntityTree): BulkDataCategoryList;
  list(
    kind: EntityKind,
    id: string,
    category: string,
    call: CallContext,
    visible?: EntityTree,
  ): Promise<BulkDataDescriptorList>;
  file(
    kind: EntityKind,
    id: string,
    category: string,
    itemId: string,
    call: CallContext,
    visible?: EntityTree,
  ): Promise<BulkDataFile>;
  upload(
    kind: EntityKind,
    id: string,
    category: string,
    parts: AsyncIterable<UploadPart>,
    call: CallContext,
  ): Promise<BulkDataDescriptor>;
  /** Counts of running uploads. */
  health(): RuntimeHealth;
  remove(kind: EntityKind, id: string, category: string, itemId: string): Promise<void>;
}

export interface BulkDataServiceOptions {
  readonly model: Pick<Model, 'tree'>;
  readonly store: BulkDataStore;
  readonly evidence: Readonly<Record<EvidenceCategory, EvidenceFiles>>;
  /** `bulk_data.categories`. */
  readonly categories: readonly string[];
}

/** Maximum concurrent uploads: each writes to disk, and a client may keep its connection open indefinitely. */
const MAX_UPLOADS_UNDER_WAY = 8;
const BOUND = { what: 'uploads', remedy: 'try again when one of them has ended', parameter: 'max_uploads' } as const;

/** Creates the bulk data service of a gateway. Throws if a configured category is invalid. */
export function createBulkDataService({ model, store, evidence, categories }: BulkDataServiceOptions): BulkDataService {
  const configured = categoriesOf(categories);
  const uploads = new Quota(MAX_UPLOADS_UNDER_WAY);
  /** Returns the upload categories of an entity. Only entities of this gateway have any. */
  const knownOf = (entity: Entity): readonly string[] => (isLocal(entity) ? configured : []);

  /** Returns the shelves that may hold items of an entity: its own, and those of its local members. */
  const shelvesOf = (entity: Entity, category: string, tree = model.tree): readonly Shelf[] => {
    const local = [entity, ...tree.members(entity)].filter(isLocal);
    const owners = new Map(local.map((owner) => [`${owner.kind} ${owner.id}`, owner]));
    return [...owners.values()].map((owner) => ({ kind: owner.kind, entityId: owner.id, category }));
  };
  const readable = (entity: Entity, category: string): void => {
    if (knownOf(entity).includes(category)) return;
    throw new SovdError({ code: 'resource-not-found', message: `There is no bulk data category "${category}"` });
  };
  const writable = (entity: Entity, category: string): void => {
    if (!isLocal(entity)) throw notServed(entity, 'uploads');
    if (configured.includes(category)) return;
    const message = `Files cannot be uploaded to or deleted from "${category}"; only the categories in bulk_data.categories accept uploads`;
    throw new SovdError({
      code: 'invalid-parameter',
      message,
      parameters: { category_id: category, categories: configured },
    });
  };
  const search = async (shelves: readonly Shelf[], itemId: string): Promise<[Shelf, StoredItem] | undefined> => {
    for (const shelf of isItemId(itemId) ? shelves : []) {
      const item = await store.find(shelf, itemId);
      if (item) return [shelf, item];
    }
    return undefined;
  };

  return {
    categories: (kind, id, visible) => {
      const entity = entityOf(visible ?? model.tree, kind, id);
      return { items: [...(visible ? [] : EVIDENCE_CATEGORIES), ...knownOf(entity)] };
    },
    list: async (kind, id, category, call, visible) => {
      const entity = entityOf(visible ?? model.tree, kind, id);
      if (isEvidence(category) && !visible) return evidence[category].list(entity, call);
      readable(entity, category);
      const lists = await Promise.all(shelvesOf(entity, category, visible).map((shelf) => store.list(shelf)));
      const items = lists.flat().sort((a, b) => (a.id < b.id ? 1 : -1));
      return { items: items.map(descriptorOf), 'x-medkit': { total_count: items.length } };
    },
    file: async (kind, id, category, itemId, call, visible) => {
      const entity = entityOf(visible ?? model.tree, kind, id);
      if (isEvidence(category) && !visible) return evidence[category].file(entity, itemId, call);
      readable(entity, category);
      const [shelf, item] = (await search(shelvesOf(entity, category, visible), itemId)) ?? missing(entity, itemId);
      const { name, mimetype, size, sha256 } = item;
      return { name, mimetype, size, tag: sha256, read: (range) => store.open(shelf, item, range) };
    },
    health: () => ({ warnings: [], blocks: quotaBlock({ uploads, bulk_data_bytes: store.quota }) }),
    upload: async (kind, id, category, parts, call) => {
      const entity = entityOf(model.tree, kind, id);
      writable(entity, category);
      const owner = ownerOf(call);
      reserveQuota(uploads, owner, BOUND);
      try {
        return descriptorOf(await shelved(store, { kind, entityId: entity.id, category }, parts, owner));
      } finally {
        uploads.release(owner);
      }
    },
    remove: async (kind, id, category, itemId) => {
      const entity = entityOf(model.tree, kind, id);
      writable(entity, category);
      const localShelf: Shelf = { kind, entityId: entity.id, category };
      const [shelf, item] = (await search([localShelf], itemId)) ?? missing(entity, itemId);
      await store.remove(shelf, item);
    },
  };
}

/** Stores the file of an upload. If the upload turns out to be invalid, removes what was written. */
async function shelved(
  store: BulkDataStore,
  shelf: Shelf,
  parts: AsyncIterable<UploadPart>,
  owner: string | undefined,
): Promise<StoredItem> {
  await using trash = new AsyncDisposableStack();
  const { received, fields } = await readUpload(parts, async (file) => {
    // Checked only while the parts are read: a client that disconnects is noticed only there.
    await store.refuseCrowd(shelf);
    const incoming = await store.takeIn(file, owner);
    trash.defer(() => store.throwAway(incoming));
    return incoming;
  });
  const item = await store.shelve(shelf, received, fields);
  trash.move();
  return item;
}

function missing(entity: Entity, itemId: string): never {
  throw noSuchItem(entity, itemId);
}
