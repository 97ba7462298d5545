import type { ErrorCode } from '../errors/codes.ts';
import {
  type BulkDataCategoryList,
  BulkDataDescriptor,
  BulkDataDescriptorList,
  BulkDataUpload,
  BulkDataCategoryList as CategoryList,
} from '../schemas/bulk-data.ts';
import * as Type from '../schemas/type.ts';
import { type EntityKind, entityPath, KIND_TERMS, type KindTerms } from './entity-kinds.ts';
import { entityRoutes } from './entity-routes.ts';
import { ENTITY_ERRORS } from './errors.ts';
import type { Join } from './join.ts';
import { entityParameter } from './parameters.ts';
import { type Parameter, perKind, type Route, type RouteFamily, type Success } from './route.ts';

const UPLOADABLE: readonly EntityKind[] = ['app', 'component'];

const categoryParameter: Parameter = {
  name: 'category_id',
  in: 'path',
  description: 'Category that the entity lists',
  schema: Type.String({ minLength: 1 }),
  example: 'maps',
};
const fileParameter: Parameter = {
  name: 'file_id',
  in: 'path',
  description: 'Id of the item, as in its descriptor',
  schema: Type.String({ minLength: 1 }),
  example: 'maps_1774231973000000000_1f2e3d4c',
};

const DESCRIPTOR = {
  id: 'maps_1774231973000000000_1f2e3d4c',
  name: 'hall-3.pgm',
  mimetype: 'image/x-portable-graymap',
  size: 1_048_576,
  creation_date: '2026-03-23T02:12:53.000Z',
  content_type: 'image/x-portable-graymap',
  created_at: '2026-03-23T02:12:53.000Z',
};
const categories: Success<typeof CategoryList> = {
  description: 'The categories',
  schema: CategoryList,
  example: { items: ['rosbags', 'snapshots', 'maps'] } satisfies BulkDataCategoryList,
};
const descriptors: Success<typeof BulkDataDescriptorList> = {
  description: 'The items',
  schema: BulkDataDescriptorList,
  example: { items: [DESCRIPTOR], 'x-medkit': { total_count: 1 } },
};
const file: Success<never> = {
  description: 'The file',
  media: 'application/octet-stream',
  headers: {
    'Content-Disposition': 'Name of the file',
    ETag: 'Changes with the content of the file',
    'Accept-Ranges': '`bytes`: a `Range` header requests a part of the file',
  },
};

/** The owner of bulk data: an entity, or a child entity addressed through its parent. */
interface Place {
  readonly terms: KindTerms;
  /** Part of the operation id. */
  readonly cap: string;
  readonly a: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** How other gateways contribute to the list of categories, and to everything below it. */
  readonly join: { readonly categories: Join; readonly items: Join };
  /** Errors of resolving the path. */
  readonly errors: readonly ErrorCode[];
}

const ofEntity = (terms: KindTerms): Place => ({
  terms,
  cap: terms.cap,
  a: terms.a,
  path: `${entityPath(terms)}/bulk-data`,
  parameters: [entityParameter(terms)],
  join: { categories: { identity: 'value', order: 'gateway', sums: [] }, items: 'first' },
  errors: ENTITY_ERRORS,
});

/** `/areas/{area_id}/subareas/{subarea_id}`: the same resource under the path of its parent. */
const ofChild = (terms: KindTerms, child: string): Place => ({
  terms,
  cap: child[0]?.toUpperCase() + child.slice(1),
  a: `a ${child} of ${terms.a}`,
  path: `${entityPath(terms)}/${child}s/{${child}_id}/bulk-data`,
  parameters: [
    entityParameter(terms),
    { ...entityParameter(terms), name: `${child}_id`, description: `Id of the ${child}` },
  ],
  join: { categories: 'owner', items: 'owner' },
  errors: [...ENTITY_ERRORS, 'resource-not-found'],
});

const CHILDREN: readonly Place[] = [ofChild(KIND_TERMS.area, 'subarea'), ofChild(KIND_TERMS.component, 'subcomponent')];

const categoriesAt = ({ terms, cap, a, path, parameters, join, errors }: Place): Route<typeof CategoryList, never> => ({
  method: 'get',
  path,
  operationId: `list${cap}BulkDataCategories`,
  permission: 'read',
  tag: 'Bulk Data',
  summary: `List the bulk data categories of ${a}`,
  description:
    'Lists the categories of files that the entity can have: `rosbags`, the recordings of its faults; `snapshots`, their freeze frames; and those of `bulk_data.categories`.',
  kind: terms.kind,
  join: join.categories,
  parameters,
  responses: { 200: categories },
  errors,
});

const descriptorsAt = ({
  terms,
  cap,
  a,
  path,
  parameters,
  join,
}: Place): Route<typeof BulkDataDescriptorList, never> => ({
  method: 'get',
  path: `${path}/{category_id}`,
  operationId: `list${cap}BulkDataDescriptors`,
  permission: 'read',
  tag: 'Bulk Data',
  summary: `List the bulk data of ${a}`,
  description:
    'Lists the files of one category of the entity and its members, newest first. In `rosbags` an item is a recording, which several faults can share. A recording of several files lists them in `x-medkit.files`. In `snapshots` an item is a JSON document with the freeze frames of one fault.',
  kind: terms.kind,
  join: join.items,
  parameters: [...parameters, categoryParameter],
  responses: { 200: descriptors },
  errors: [...ENTITY_ERRORS, 'resource-not-found', 'service-unavailable'],
});

const downloadAt = ({ terms, cap, a, path, parameters, join }: Place): Route<never, never> => ({
  method: 'get',
  path: `${path}/{category_id}/{file_id}`,
  operationId: `download${cap}BulkData`,
  permission: 'files.read',
  tag: 'Bulk Data',
  summary: `Download a file of ${a}`,
  description:
    'Returns the whole file, or the part that a `Range` header requests. For `rosbags`, the id is that of a recording, or a fault code for the newest recording of the fault. The first file of a recording of several files is returned; the other files have separate ids. For `snapshots`, the id is a fault code.',
  kind: terms.kind,
  join: join.items,
  parameters: [...parameters, categoryParameter, fileParameter],
  responses: { 200: file, 206: { ...file, description: 'The requested part' } },
  errors: [...ENTITY_ERRORS, 'resource-not-found', 'service-unavailable', 'x-medkit-range-not-satisfiable'],
});

export const listBulkDataCategories = perKind<typeof CategoryList, never>((terms) => categoriesAt(ofEntity(terms)));
export const listBulkDataDescriptors = perKind<typeof BulkDataDescriptorList, never>((terms) =>
  descriptorsAt(ofEntity(terms)),
);
export const downloadBulkData = perKind<never, never>((terms) => downloadAt(ofEntity(terms)));

export const listChildBulkDataCategories: RouteFamily<typeof CategoryList, never> = CHILDREN.map(categoriesAt);
export const listChildBulkDataDescriptors: RouteFamily<typeof BulkDataDescriptorList, never> =
  CHILDREN.map(descriptorsAt);
export const downloadChildBulkData: RouteFamily<never, never> = CHILDREN.map(downloadAt);

export const uploadBulkData = entityRoutes<typeof BulkDataDescriptor, typeof BulkDataUpload>(
  (terms) => ({
    method: 'post',
    path: '/bulk-data/{category_id}',
    operationId: `upload${terms.cap}BulkData`,
    permission: 'files.write',
    tag: 'Bulk Data',
    summary: `Upload a file to ${terms.a}`,
    description: 'Stores the file. The gateway replies after the file is safely on disk.',
    parameters: [categoryParameter],
    body: {
      schema: BulkDataUpload,
      media: 'multipart/form-data',
      description: 'The file and its metadata',
      examples: { 'A map': { file: '…', description: 'Hall 3 after the rebuild', metadata: '{"floor": 3}' } },
    },
    responses: {
      201: {
        description: 'Stored',
        schema: BulkDataDescriptor,
        example: DESCRIPTOR,
        headers: { Location: 'Address of the file' },
      },
    },
    errors: [...ENTITY_ERRORS, 'service-unavailable', 'x-medkit-storage-full'],
  }),
  UPLOADABLE,
);

export const deleteBulkData = entityRoutes<never, never>(
  (terms) => ({
    method: 'delete',
    path: '/bulk-data/{category_id}/{file_id}',
    operationId: `delete${terms.cap}BulkData`,
    permission: 'files.write',
    tag: 'Bulk Data',
    summary: `Delete a file of ${terms.a}`,
    description: 'Deletes a file that was uploaded to this entity.',
    join: 'first',
    parameters: [categoryParameter, fileParameter],
    responses: { 204: { description: 'Deleted' } },
    errors: [...ENTITY_ERRORS, 'resource-not-found'],
  }),
  UPLOADABLE,
);
