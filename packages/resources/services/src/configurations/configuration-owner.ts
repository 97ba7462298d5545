import { type App, type Entity, isLocal, type Model, nameOfNativeId } from '@medkit/core';
import { type Owner, ownersOf } from '../members/owners.ts';

/** A member of an entity together with the provider that serves its configurations. */
export type ConfigurationOwner = Owner<'configurations'>;

/**
 * Who has configurations of an entity. Those of an entity with apps are those of its apps: the machine that carries
 * nodes is no node.
 */
export function configurationOwners(model: Model, entity: Entity): readonly ConfigurationOwner[] {
  const owners = ownersOf(model, entity, 'configurations');
  const apps = owners.filter((owner) => owner.entity.kind === 'app');
  return apps.length > 0 ? apps : owners;
}

/** The apps of an aggregate that are at other gateways, which have their configurations. */
export function appsElsewhere({ tree }: Pick<Model, 'tree'>, entity: Entity): readonly App[] {
  if (entity.kind === 'app') return [];
  return tree.members(entity).filter((member): member is App => member.kind === 'app' && !isLocal(member));
}

/** Name of the node behind an owner; what its runtime calls it where it is none. */
export function nodeOf(owner: ConfigurationOwner): string {
  return graphNodeOf(owner) ?? nameOfNativeId(owner.nativeId);
}

/** Full name of the node of a graph behind an owner. */
export function graphNodeOf({ entity }: ConfigurationOwner): string | undefined {
  return entity.kind === 'app' ? entity.node : undefined;
}
