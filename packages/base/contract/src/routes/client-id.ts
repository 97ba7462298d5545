import * as Type from '../schemas/type.ts';
import type { Parameter } from './route.ts';

/** Maximum length of `X-Client-Id` in characters. */
export const MAX_CLIENT_ID_LENGTH = 256;

/** The header by which a client identifies itself as the holder of a lock. */
export const clientIdParameter: Parameter = {
  name: 'X-Client-Id',
  in: 'header',
  description: 'Name of the client, under which it holds locks',
  schema: Type.String({ minLength: 1, maxLength: MAX_CLIENT_ID_LENGTH }),
  example: 'engineer-alice',
};
