import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Files } from '@medkit/edges';
import { AUDIT_RECEIPT } from '@medkit/faults';
import { FLEET_TABLES } from '@medkit/fleet';
import type { AuditLimits, Migrations } from '@medkit/store';
import { ACCOUNT_MIGRATIONS } from '../accounts/account-store.ts';
import { auditLocation } from '../audit/audit-location.ts';
import type { GatewayConfig } from '../config/index.ts';
import { hubSchema } from '../database/hub-database.ts';
import { GATEWAY_TABLES } from '../gateway-database.ts';

/** A database of a hub on SQLite, and the schema that it has on PostgreSQL. */
export interface HubFile {
  readonly path: string;
  readonly schema: string;
  readonly migrations: Migrations;
  readonly audit?: AuditLimits;
}

/** Returns the databases of a hub that exist in its data folder. */
export async function hubFiles(config: GatewayConfig, files: Pick<Files, 'readText'>): Promise<readonly HubFile[]> {
  const { path: auditPath, limits } = await auditLocation(config, files);
  const inFolder = (name: string): string => resolve(join(config.data_dir, name));
  const all: readonly HubFile[] = [
    { path: inFolder('fleet.db'), schema: hubSchema(config, 'fleet'), migrations: FLEET_TABLES },
    { path: inFolder('gateway.db'), schema: hubSchema(config, 'gateway'), migrations: GATEWAY_TABLES },
    { path: inFolder('auth.db'), schema: hubSchema(config, 'accounts'), migrations: ACCOUNT_MIGRATIONS },
    { path: auditPath, schema: hubSchema(config, 'audit'), migrations: AUDIT_RECEIPT, audit: limits },
  ];
  return all.filter(({ path }) => existsSync(path));
}
