import { API_BASE, type BulkDataDescriptorList, SovdError } from '@medkit/contract';
import type { EntityTree, Model } from '@medkit/core';
import { type BulkDataService, entityOf } from '@medkit/entities';
import { Answer, done } from '../http/answer.ts';
import type { Exchange, Handlers } from '../http/exchange.ts';
import { FileReply } from '../http/file-reply.ts';

type BulkDataHandlers = Pick<Handlers, Extract<keyof Handlers, `${string}BulkData${string}`>>;

/** The handlers of bulk data. */
export function bulkDataHandlers(model: Pick<Model, 'tree'>, service: BulkDataService): BulkDataHandlers {
  return {
    listBulkDataCategories: ({ kind, entityId, visible }) => service.categories(kind, entityId, visible),
    listBulkDataDescriptors: (exchange) => listOf(service, exchange, exchange.entityId),
    downloadBulkData: (exchange) => fileOf(service, exchange, exchange.entityId),
    uploadBulkData: async ({ kind, entityId, path, url, parts, call, note }) => {
      const descriptor = await service.upload(kind, entityId, path['category_id'] ?? '', parts(), call());
      note({ created: descriptor.id });
      return new Answer(201, descriptor, { Location: `${url}/${descriptor.id}` });
    },
    deleteBulkData: async ({ kind, entityId, path }) => {
      await service.remove(kind, entityId, path['category_id'] ?? '', path['file_id'] ?? '');
      return done();
    },
    listChildBulkDataCategories: (exchange) =>
      service.categories(exchange.kind, childOf(model.tree, exchange), exchange.visible),
    listChildBulkDataDescriptors: (exchange) => listOf(service, exchange, childOf(model.tree, exchange)),
    downloadChildBulkData: (exchange) => fileOf(service, exchange, childOf(model.tree, exchange)),
  };
}

type Request = Exchange<unknown>;

function listOf(
  service: BulkDataService,
  { kind, path, call, visible }: Request,
  id: string,
): Promise<BulkDataDescriptorList> {
  return service.list(kind, id, path['category_id'] ?? '', call(), visible);
}

async function fileOf(
  service: BulkDataService,
  { kind, path, call, visible }: Request,
  id: string,
): Promise<FileReply> {
  const { category_id = '', file_id = '' } = path;
  return new FileReply(await service.file(kind, id, category_id, file_id, call(), visible));
}

/** Returns the child in the path. Throws `resource-not-found` if it is not a child of the parent in the path. */
function childOf(all: EntityTree, { kind, entityId, path, visible: tree = all }: Exchange<unknown>): string {
  const parent = entityOf(tree, kind, entityId);
  const named = kind === 'area' ? path['subarea_id'] : path['subcomponent_id'];
  const child = entityOf(tree, kind, named ?? '');
  const children = kind === 'area' ? tree.subareas(parent.id) : tree.subcomponents(parent.id);
  if (children.some(({ id }) => id === child.id)) return child.id;
  throw new SovdError({
    code: 'resource-not-found',
    message: `${child.id} is not below ${parent.id}; its address is ${API_BASE}/${kind}s/${child.id}`,
    parameters: { entity_id: parent.id, child_id: child.id },
  });
}
