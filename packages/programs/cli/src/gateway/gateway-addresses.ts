import { columns } from '../command/columns.ts';

/** Addresses of a gateway that has just started at `url`; `more` are further rows. */
export function gatewayAddresses(url: string, more: readonly (readonly [string, string])[] = []): string {
  return columns([['Page', `${url}/`], ['API', `${url}/api/v1/apps`], ['Swagger UI', `${url}/docs`], ...more]);
}
