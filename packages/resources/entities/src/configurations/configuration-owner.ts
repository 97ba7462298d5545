import {
  type App,
  type ConfigurationEntry,
  type Entity,
  isLocal,
  type Model,
  type NamedChange,
  nameOfNativeId,
} from '@medkit/core';
import { type Owner, ownersOf } from '../members/owners.ts';

/** A member of an entity together with the provider that serves its configurations. */
export type ConfigurationOwner = Owner<'configurations'>;

/** Receives the values that the service reads and sets, with the entity that has them. */
export interface ConfigurationObserver {
  /** With `isComplete`, the entity has no other configurations. */
  read(entity: Entity, entries: readonly ConfigurationEntry[], isComplete: boolean): void;
  written(entity: Entity, changes: readonly NamedChange[]): void;
}

/**
 * Returns the owners of an entity's configurations. If the entity has apps, these are its apps only: the machine that
 * hosts nodes is no node.
 */
export function configurationOwners(model: Model, entity: Entity): readonly ConfigurationOwner[] {
  const owners = ownersOf(model, entity, 'configurations');
  const apps = owners.filter((owner) => owner.entity.kind === 'app');
  return apps.length > 0 ? apps : owners;
}

/** Returns the apps of an aggregate that belong to other gateways, which serve their configurations. */
export function remoteApps({ tree }: Pick<Model, 'tree'>, entity: Entity): readonly App[] {
  if (entity.kind === 'app') return [];
  return tree.members(entity).filter((member): member is App => member.kind === 'app' && !isLocal(member));
}

/** Returns the node name of an owner, or the last part of its native id if it is no node. */
export function nodeOf(owner: ConfigurationOwner): string {
  return graphNodeOf(owner) ?? nameOfNativeId(owner.nativeId);
}

/** Returns the full node name of an owner, or `undefined` if it is no node of a graph. */
export function graphNodeOf({ entity }: ConfigurationOwner): string | undefined {
  return entity.kind === 'app' ? entity.node : undefined;
}
