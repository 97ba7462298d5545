import type { Client } from '@medkit/client';
import type { AgentConfig } from '../config/agent-config.ts';
import { dataPath } from '../entity-path.ts';
import { sourcesOf } from '../values/last-values.ts';
import { checkSource, entityFinding, findItem } from './check-source.ts';
import type { Finding } from './finding.ts';

/** Message type of the feed topic, from which the robot's own VDA 5050 client reads errors. */
const FEED_TYPE = 'std_msgs/msg/String';

/** Checks a file against its gateway: reports missing resources and values. Does not contact the broker. */
export async function checkConfig(client: Client, config: AgentConfig): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const source of sourcesOf(config.values)) found.push(...(await checkSource(client, source)));
  for (const mapping of Object.values(config.values.members)) {
    if (mapping.kind !== 'faults' || mapping.entity === undefined) continue;
    found.push(...asList(await entityFinding(client, mapping.entity, mapping.at)));
  }
  for (const entity of config.safety.entities)
    found.push(...asList(await entityFinding(client, entity, config.safety.at)));
  return [...found, ...(await feedFindings(client, config))];
}

const asList = (finding: Finding | undefined): readonly Finding[] => (finding ? [finding] : []);

async function feedFindings(client: Client, { feedTopic }: AgentConfig): Promise<readonly Finding[]> {
  if (feedTopic === undefined) return [];
  const item = await findItem(client, feedTopic);
  if ('message' in item) return [item];
  const type = item['x-medkit']?.ros2?.type;
  if (type === FEED_TYPE) return [];
  return [{ at: feedTopic.at, message: `${dataPath(feedTopic)} has the type ${type ?? 'unknown'}, not ${FEED_TYPE}` }];
}
