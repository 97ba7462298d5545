import { columns } from '../command/columns.ts';

/** Where to look, for a person who has just started a gateway at `url`; `more` are further rows. */
export function placesToLook(url: string, more: readonly (readonly [string, string])[] = []): string {
  return columns([['Page', `${url}/`], ['API', `${url}/api/v1/apps`], ['Swagger UI', `${url}/docs`], ...more]);
}
