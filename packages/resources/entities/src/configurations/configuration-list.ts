import { type ConfigurationList, SovdError } from '@medkit/contract';
import { type ConfigurationEntry, type Entity, errorMessage, type Principal } from '@medkit/core';
import { graphNames } from '../discovery/list-item.ts';
import { type Gathered, totalFailure, type UnresponsiveOwner } from '../members/ask.ts';
import { failedMembers } from '../members/failed-members.ts';
import { type ConfigurationOwner, graphNodeOf, nodeOf } from './configuration-owner.ts';
import { parameterDetail } from './parameter-view.ts';
import { maskSecret } from './secret-values.ts';
import { worstError } from './worst-error.ts';

interface ConfigurationListSource {
  readonly entity: Entity;
  readonly owners: readonly ConfigurationOwner[];
  /** Whether the entity has more nodes than `owners`, at other gateways. */
  readonly hasOthers: boolean;
  readonly gathered: Gathered<ConfigurationOwner, ConfigurationEntry>;
  /** The caller. */
  readonly principal: Principal;
}

/**
 * Builds the configuration list of an entity from the replies of its owners. Throws the worst error if every owner
 * failed.
 */
export function configurationList({
  entity,
  owners,
  hasOthers,
  gathered: { entries, silent },
  principal,
}: ConfigurationListSource): ConfigurationList {
  if (totalFailure({ silent }, owners)) throw worstOf(silent);
  const [first] = owners;
  const aggregate = owners.length > 1 || hasOthers;
  const onlyNode = first && !aggregate ? graphNodeOf(first) : undefined;
  const parameters = entries.map(({ owner, entry }) => ({
    id: aggregate ? `${owner.entity.id}:${entry.name}` : entry.name,
    ...parameterDetail(maskSecret(entry, principal)),
    'x-medkit': { source: owner.entity.id, node: nodeOf(owner) },
  }));
  const mute = new Set(silent.map(({ owner }) => owner));
  const unavailable = silent.filter(({ error }) => isUnavailable(error));
  const failed = silent.filter(({ error }) => !isUnavailable(error));
  return {
    items: parameters.map(({ id, name, 'x-medkit': { source, node } }) => ({
      id,
      name,
      type: 'parameter',
      ...(aggregate && { 'x-medkit': { source, node } }),
    })),
    'x-medkit': {
      entity_id: entity.id,
      source: 'runtime',
      aggregation_level: entity.kind,
      is_aggregated: aggregate,
      parameters,
      source_ids: [...new Set([entity.id, ...owners.map((owner) => owner.entity.id)])],
      queried_nodes: owners.filter((owner) => !mute.has(owner)).map(nodeOf),
      ...graphNames({ node: onlyNode }),
      ...(unavailable.length > 0 && { unavailable_nodes: unavailable.map(({ owner }) => nodeOf(owner)) }),
      ...(failed.length > 0 && { failed_nodes: failed.map(({ owner }) => nodeOf(owner)) }),
      ...failedMembers(silent),
    },
  };
}

function worstOf(silent: readonly UnresponsiveOwner<ConfigurationOwner>[]): unknown {
  const worst = worstError(silent.map(({ error }) => error));
  if (!(worst instanceof SovdError)) return worst;
  const { code, status, parameters } = worst;
  const message = 'Failed to list parameters from any node';
  return new SovdError({ code, status, message, parameters: { details: errorMessage(worst), ...parameters } });
}

/** Returns whether the node did not answer, rather than answered with an error. */
function isUnavailable(error: unknown): boolean {
  return error instanceof SovdError && (error.status === 503 || error.status === 504);
}
