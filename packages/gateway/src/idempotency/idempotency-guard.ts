import type { Guard } from '../http/chain.ts';
import type { IdempotencyOptions, RepeatedRequests } from './repeated-requests.ts';

/**
 * Answers a repeated change with the reply to the first one if both have the same `Idempotency-Key`. The code and the
 * table are used only for requests with that header.
 */
export function idempotencyGuard(options: IdempotencyOptions): Guard {
  let loading: Promise<RepeatedRequests> | undefined;
  const load = (): Promise<RepeatedRequests> => {
    loading ??= import('./repeated-requests.ts').then(({ repeatedRequests }) => repeatedRequests(options));
    return loading;
  };
  return (route, handler) => {
    if (route.method === 'get') return handler;
    return (exchange) => {
      const key = exchange.headers['idempotency-key'];
      if (key === undefined) return handler(exchange);
      return load().then((requests) => requests.run({ route, exchange, key: String(key) }, () => handler(exchange)));
    };
  };
}
