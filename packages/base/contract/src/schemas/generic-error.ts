import { mapOf, named, optional } from './compose.ts';
import * as Type from './type.ts';

export const GenericError = named(
  'GenericError',
  Type.Object(
    {
      error_code: Type.String({ description: 'Machine-readable; `vendor-error` if `vendor_code` is more specific.' }),
      message: Type.String({ description: 'Text for people.' }),
      parameters: optional(mapOf(Type.Unknown(), 'Details of the error.')),
      vendor_code: optional(Type.String({ description: 'A code beginning with `x-medkit-`.' })),
    },
    { description: 'The body of every error.' },
  ),
);
export type GenericError = Type.Static<typeof GenericError>;
