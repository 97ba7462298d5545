import type { Log, Model } from '@medkit/core';
import type { Clock, Files } from '@medkit/edges';
import { createDataService } from '@medkit/services';
import type { FastifyInstance, onSendHookHandler } from 'fastify';
import type { GatewayConfig } from './config/index.ts';
import { documentRoutes } from './docs/documents.ts';
import { swaggerUiRoutes } from './docs/swagger-ui.ts';
import { gatewayHealth } from './gateway-health.ts';
import { PageCache } from './http/page-cache.ts';
import { createServer } from './http/server.ts';
import { startPageRoute } from './page/start-page.ts';
import { createHandlers } from './routes/handlers.ts';
import { overview } from './routes/overview.ts';

export interface GatewayServerOptions {
  readonly config: GatewayConfig;
  readonly model: Model;
  readonly clock: Clock;
  readonly files: Files;
  /** Distinguishes this start from every other, for ETags. */
  readonly bootId: string;
  readonly machineName: string;
  readonly log: Log;
  readonly onSend?: onSendHookHandler;
}

/** Everything that is served of a model over HTTP, not yet listening. */
export async function createGatewayServer(options: GatewayServerOptions): Promise<FastifyInstance> {
  const { config, model, clock, files, bootId, machineName, log, onSend } = options;
  const data = createDataService({ model, clock });
  const docs = config.docs.enabled;
  return createServer({
    config,
    clock,
    machineName,
    logError: (message) => log('error', message),
    pages: new PageCache({ bootId, generation: () => model.tree.generation }),
    handlers: createHandlers({
      model,
      data,
      docs,
      health: () => gatewayHealth(model, clock),
    }),
    plugins: [
      documentRoutes({ enabled: docs, tokenNeeded: config.server.token !== '', clock, model, data }),
      swaggerUiRoutes({ enabled: docs, files }),
      await startPageRoute({ files, overview: overview(docs) }),
    ],
    ...(onSend && { onSend }),
  });
}
