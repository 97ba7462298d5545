import type { Log } from '@medkit/core';
import type { Clock, Files, Random } from '@medkit/edges';
import type { Fleet } from '@medkit/fleet';
import type { GatewayConfig } from '../../config/index.ts';
import { tenantOfSchema } from '../../config/tenant-list.ts';
import { changeSubjects } from './change-subjects.ts';
import { openNatsStream } from './nats-stream.ts';
import { type ChangePublisher, publishChanges } from './publish-changes.ts';

interface PublisherSources {
  readonly config: GatewayConfig;
  readonly files: Pick<Files, 'readText'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly machineName: string;
}

/** Publishes the changes of a fleet to NATS. Loaded only if `fleet.nats.servers` is set. */
export async function openPublisher(sources: PublisherSources, fleet: Fleet): Promise<ChangePublisher> {
  const { config, files, machineName } = sources;
  const { nats: settings, schema } = config.fleet;
  const hub = await fleet.changes.start(settings.hub_name, machineName);
  const subjects = changeSubjects(hub, tenantOfSchema(schema), settings.stream);
  return publishChanges({
    ...sources,
    outbox: fleet.changes,
    onChange: fleet.onChange,
    openStream: () => openNatsStream({ settings, subjects, files }),
  });
}
