import { SovdError } from '@medkit/contract';

/** Error if this gateway has not witnessed the audit log of `gateway`. */
export function notWitnessed(gateway: string): SovdError {
  const message = `This gateway has not read an audit log of a gateway ${gateway}. See GET /x-medkit-audit/verify`;
  return new SovdError({ code: 'resource-not-found', message, parameters: { gateway } });
}
