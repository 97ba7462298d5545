import { API_BASE, type EntityKind, SovdError } from '@medkit/contract';
import type { EntityTree, Model } from '@medkit/core';
import { type BulkDataFile, type BulkDataService, entityOf } from '@medkit/services';
import { Answer } from '../http/answer.ts';
import type { Exchange, Handlers } from '../http/exchange.ts';
import { FileReply } from '../http/file-reply.ts';

type BulkDataHandlers = Pick<Handlers, Extract<keyof Handlers, `${string}BulkData${string}`>>;

/** The handlers of bulk data. */
export function bulkDataHandlers(model: Pick<Model, 'tree'>, service: BulkDataService): BulkDataHandlers {
  return {
    listBulkDataCategories: ({ kind, entityId }) => service.categories(kind, entityId),
    listBulkDataDescriptors: ({ kind, entityId, path }) => service.list(kind, entityId, path['category_id'] ?? ''),
    downloadBulkData: async ({ kind, entityId, path }) => fileReply(await fileOf(service, kind, entityId, path)),
    uploadBulkData: async ({ kind, entityId, path, url, parts }) => {
      const descriptor = await service.upload(kind, entityId, path['category_id'] ?? '', parts());
      return new Answer(201, descriptor, { Location: `${url}/${descriptor.id}` });
    },
    deleteBulkData: async ({ kind, entityId, path }) => {
      await service.remove(kind, entityId, path['category_id'] ?? '', path['file_id'] ?? '');
      return new Answer(204);
    },
    listChildBulkDataCategories: (exchange) => service.categories(exchange.kind, childOf(model.tree, exchange)),
    listChildBulkDataDescriptors: (exchange) =>
      service.list(exchange.kind, childOf(model.tree, exchange), exchange.path['category_id'] ?? ''),
    downloadChildBulkData: async (exchange) =>
      fileReply(await fileOf(service, exchange.kind, childOf(model.tree, exchange), exchange.path)),
  };
}

function fileOf(service: BulkDataService, kind: EntityKind, id: string, path: Exchange['path']): Promise<BulkDataFile> {
  return service.file(kind, id, path['category_id'] ?? '', path['file_id'] ?? '');
}

function fileReply({ descriptor: { name, mimetype, size }, sha256, read }: BulkDataFile): FileReply {
  return new FileReply({ name, mimetype, size, tag: sha256, read });
}

/** The child that the path names; `resource-not-found` where it is not one of the parent that the path names. */
function childOf(tree: EntityTree, { kind, entityId, path }: Exchange<unknown>): string {
  const parent = entityOf(tree, kind, entityId);
  const named = kind === 'area' ? path['subarea_id'] : path['subcomponent_id'];
  const child = entityOf(tree, kind, named ?? '');
  const children = kind === 'area' ? tree.subareas(parent.id) : tree.subcomponents(parent.id);
  if (children.some(({ id }) => id === child.id)) return child.id;
  throw new SovdError({
    code: 'resource-not-found',
    message: `${child.id} is not below ${parent.id}; its own address is ${API_BASE}/${kind}s/${child.id}`,
    parameters: { entity_id: parent.id, child_id: child.id },
  });
}
