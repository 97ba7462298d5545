import { collectionOf, XMedkitCollection } from './collection.ts';
import { mapOf, named, optional } from './compose.ts';
import * as Type from './type.ts';

export const BulkDataCategoryList = named(
  'BulkDataCategoryList',
  Type.Object({ items: Type.Array(Type.String(), { description: 'Ids of the categories.' }) }),
);
export type BulkDataCategoryList = Type.Static<typeof BulkDataCategoryList>;

export const BulkDataDescriptor = named(
  'BulkDataDescriptor',
  Type.Object({
    id: Type.String(),
    name: Type.String({ description: 'The name of the file.' }),
    mimetype: Type.String(),
    size: Type.Integer({ minimum: 0, description: 'Size in bytes.' }),
    creation_date: Type.String({ description: 'ISO 8601, UTC, milliseconds.' }),
    description: optional(Type.String()),
    'x-medkit': optional(
      mapOf(
        Type.Unknown(),
        'Metadata uploaded with the file; for a recording its faults, length, format, `topics` (name, type, count), `start`, `end` and `compression`.',
      ),
    ),
    content_type: optional(Type.String({ description: 'Same as `mimetype`, for clients that read this member.' })),
    created_at: optional(Type.String({ description: 'Same as `creation_date`, for clients that read this member.' })),
  }),
);
export type BulkDataDescriptor = Type.Static<typeof BulkDataDescriptor>;

export const BulkDataDescriptorList = collectionOf('BulkDataDescriptorList', BulkDataDescriptor, XMedkitCollection);
export type BulkDataDescriptorList = Type.Static<typeof BulkDataDescriptorList>;

/** The parts of an upload. */
export const BulkDataUpload = Type.Object({
  file: Type.Unsafe<string>({ type: 'string', format: 'binary', description: 'The file, sent as a file part.' }),
  description: Type.Optional(Type.String()),
  metadata: Type.Optional(
    Type.String({ description: 'A JSON object as text; stored as `x-medkit` of the descriptor.' }),
  ),
});
export type BulkDataUpload = Type.Static<typeof BulkDataUpload>;
