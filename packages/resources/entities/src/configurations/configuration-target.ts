import { SovdError } from '@medkit/contract';
import type { Entity, Model } from '@medkit/core';
import { type ConfigurationOwner, configurationOwners, remoteApps } from './configuration-owner.ts';

const MAX_ID_LENGTH = 512;

/** The owners that may have the configuration of an id, and its name there. */
export interface ConfigurationTarget {
  /** One owner, or all owners of an aggregate if the id names none. */
  readonly candidates: readonly [ConfigurationOwner, ...ConfigurationOwner[]];
  readonly name: string;
  /** Whether the entity has several nodes, including nodes at other gateways. */
  readonly aggregate: boolean;
}

/**
 * Parses an id: a bare name, or `<app_id>:<name>`. A text before a colon is an app id only if a member has that id;
 * otherwise it belongs to the name. Throws `invalid-parameter`, or `resource-not-found` if no owner can have the
 * configuration.
 */
export function configurationTarget(model: Model, entity: Entity, id: string): ConfigurationTarget {
  if (id.length < 1 || id.length > MAX_ID_LENGTH) {
    const details = `Expected 1 to ${MAX_ID_LENGTH} characters, found ${id.length}`;
    throw new SovdError({ code: 'invalid-parameter', message: 'Invalid parameter ID', parameters: { details } });
  }
  const owners = configurationOwners(model, entity);
  const [first, ...others] = owners;
  if (!first) throw new SovdError({ code: 'resource-not-found', message: 'No nodes available' });
  const aggregate = others.length > 0 || remoteApps(model, entity).length > 0;
  const memberId = id.slice(0, Math.max(0, id.indexOf(':')));
  if (!isMember(model, entity, memberId)) return { candidates: [first, ...others], name: id, aggregate };

  const named = owners.find((owner) => owner.entity.id === memberId);
  if (!named) {
    const message = 'Source app not found in entity';
    throw new SovdError({ code: 'resource-not-found', message, parameters: { source_app: memberId } });
  }
  return { candidates: [named], name: id.slice(memberId.length + 1), aggregate };
}

/** Returns the single owner of a configuration to change. Throws `invalid-request` if several owners are possible. */
export function onlyOwner({ candidates, name }: ConfigurationTarget): ConfigurationOwner {
  const [owner, ...others] = candidates;
  if (others.length === 0) return owner;
  throw new SovdError({
    code: 'invalid-request',
    message: 'Aggregated configuration requires app_id prefix',
    parameters: { details: `This entity has several nodes: use "<app_id>:${name}"` },
  });
}

function isMember({ tree }: Model, entity: Entity, id: string): boolean {
  return tree.members(entity).some((member) => member !== entity && member.id === id);
}
